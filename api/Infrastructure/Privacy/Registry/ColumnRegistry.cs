using System.Globalization;

namespace WeChatUnion.Api.Infrastructure.Privacy.Registry;

/// <summary>What a column is to a person.</summary>
internal enum ColumnKind
{
    /// <summary>Says nothing about anybody.</summary>
    None,

    /// <summary>Personal information (PIPL art. 4).</summary>
    Personal,

    /// <summary>Sensitive personal information (PIPL art. 28), or a text that may hold some.</summary>
    Sensitive,

    /// <summary>Names the person who acted for the union on somebody else's record.</summary>
    Doer,

    /// <summary>A hash, index or key made of personal information; of no use to the person, so never exported.</summary>
    Secret,
}

/// <summary>
/// Columns of one table that are treated alike: one line of <c>seeds/reference/column-registry.csv</c>. A column stands
/// in two lines when it concerns two people.
/// </summary>
/// <param name="Whose">
/// The column that leads to the person, e.g. <c>person_id</c>, or over another table
/// <c>application_id&gt;membership_applications.person_id</c>; empty when nothing leads to an account.
/// </param>
/// <param name="Retention">
/// A <see cref="RetentionRule"/> or a task of the schedule with its days, <c>with TABLE</c> (goes together with that
/// row), <c>account</c> (until the person asks for deletion) or <c>law</c> (a record of the organisation).
/// </param>
/// <param name="Erasure">
/// What the erasure of the person does: <c>delete</c> or <c>archive</c> the row, set the column to <c>null</c>,
/// <c>empty</c> or the person's <c>id</c>, or <c>keep</c>.
/// </param>
internal sealed record ColumnGroup(
    string Table, IReadOnlyList<string> Columns, ColumnKind Kind, string Whose, string Purpose, string Basis, string Retention, string Erasure)
{
    public bool IsExported => Whose.Length > 0 && Kind is ColumnKind.Personal or ColumnKind.Sensitive or ColumnKind.Doer;

    /// <summary>The rows of one person, with the parameter <c>@personId</c>.</summary>
    public string Condition => Whose.Split('>', '.') is [var link, var owner, var column]
        ? $"{link} IN (SELECT id FROM {owner} WHERE {column} = @personId)"
        : $"{Whose} = @personId";

    /// <summary>The rule of <see cref="Retention"/> without its days.</summary>
    public string Rule => Retention.Split(' ')[0];

    public int? Days => Retention.Split(' ') is [_, var days] && days.EndsWith('d')
        ? int.Parse(days.AsSpan(0, days.Length - 1), CultureInfo.InvariantCulture)
        : null;
}

/// <summary>
/// Every column of every table: personal or not, whose, for what, on which legal basis, how long, and what erasure does
/// to it. Export, erasure and retention work by this list alone; a test fails on a column that is missing in it.
/// </summary>
internal sealed class ColumnRegistry
{
    private const int Fields = 8;

    public ColumnRegistry()
        : this(Path.Combine(AppContext.BaseDirectory, "seeds", "reference", "column-registry.csv"))
    {
    }

    public ColumnRegistry(string file)
    {
        Groups = [.. File.ReadLines(file).Skip(1).Where(line => line.Length > 0).Select(Read)];
        Tables = [.. Groups.Select(g => g.Table).Distinct()];
    }

    public IReadOnlyList<ColumnGroup> Groups { get; }

    /// <summary>A table stands after those it refers to.</summary>
    public IReadOnlyList<string> Tables { get; }

    public IEnumerable<ColumnGroup> Of(string table) => Groups.Where(g => g.Table == table);

    /// <summary>The column by which a row is named and its sealed values are bound: <c>id</c>, else the first one listed.</summary>
    public string KeyOf(string table) =>
        Of(table).Any(g => g.Columns.Contains("id")) ? "id" : Of(table).First().Columns[0];

    public int DaysOf(string rule) => Groups.First(g => g.Rule == rule).Days
        ?? throw new InvalidOperationException($"The column registry gives {rule} no days.");

    private static ColumnGroup Read(string line)
    {
        var fields = line.Split(',');
        return fields.Length == Fields
            ? new ColumnGroup(
                fields[0], fields[1].Split(' '), Enum.Parse<ColumnKind>(fields[2], ignoreCase: true), fields[3], fields[4], fields[5], fields[6], fields[7])
            : throw new InvalidOperationException($"The column registry has a line that is not whole: {line}");
    }
}
