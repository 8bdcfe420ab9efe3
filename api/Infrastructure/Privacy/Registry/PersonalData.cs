using System.Data.Common;
using System.Globalization;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy.Registry;

/// <summary>What one table holds about a person.</summary>
/// <param name="KeptDays">How long, in days; null: as long as the record it belongs to, or as law says.</param>
/// <param name="Rows">Column → text; sealed values opened, instants ISO 8601.</param>
internal sealed record PersonalRows(
    string Table, string Purpose, string Basis, int? KeptDays, IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows);

/// <summary>Rows that belong to a person although no column says so; who owns such a table registers how to find them.</summary>
internal sealed record HiddenRows(string Table, FindHidden Find);

/// <returns>The ids of the person's rows.</returns>
internal delegate Task<IReadOnlyList<string>> FindHidden(Db db, string personId, CancellationToken cancellation);

/// <summary>What a module holds of a person under keys of its own, which no column leads to; the module reads it for her.</summary>
internal delegate Task<IReadOnlyList<PersonalRows>> ReadLocked(Db db, string personId, CancellationToken cancellation);

/// <summary>Reads everything about one person, as the column registry says where it lies.</summary>
internal sealed class PersonalData(ColumnRegistry registry, FieldCipher cipher, IEnumerable<HiddenRows> hidden, IEnumerable<ReadLocked> locked)
{
    private const string SealedEnd = "_sealed";

    /// <summary>Tables without anything about her are left out.</summary>
    public async Task<IReadOnlyList<PersonalRows>> ReadAsync(Db db, string personId, CancellationToken cancellation)
    {
        var all = new List<PersonalRows>();
        foreach (var groups in registry.Groups.Where(g => g.IsExported).GroupBy(g => (g.Table, g.Whose)))
        {
            var columns = groups.SelectMany(g => g.Columns).Prepend(registry.KeyOf(groups.Key.Table)).Distinct();
            Add(groups.First(), await RowsAsync(db, groups.Key.Table, columns, groups.First().Condition, personId, cancellation));
        }

        foreach (var table in hidden)
        {
            var group = registry.Of(table.Table).First(g => g.Kind is ColumnKind.Personal or ColumnKind.Sensitive);
            foreach (var id in await table.Find(db, personId, cancellation))
            {
                Add(group, await RowsAsync(db, table.Table, group.Columns, "id = @personId", id, cancellation));
            }
        }

        foreach (var read in locked)
        {
            all.AddRange(await read(db, personId, cancellation));
        }

        return all;

        void Add(ColumnGroup group, IReadOnlyList<IReadOnlyDictionary<string, string?>> rows)
        {
            if (rows.Count > 0)
            {
                all.Add(new PersonalRows(group.Table, group.Purpose, group.Basis, group.Days, rows));
            }
        }
    }

    /// <param name="condition">With the parameter <c>@personId</c>.</param>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> RowsAsync(
        Db db, string table, IEnumerable<string> columns, string condition, string personId, CancellationToken cancellation)
    {
        var key = registry.KeyOf(table);
        return await db.QueryToListAsync(
            row => ReadRow(row, table, key),
            $"SELECT {string.Join(", ", columns.Prepend(key).Distinct())} FROM {table} WHERE {condition} ORDER BY {key}",
            cancellation,
            new DataParameter("personId", personId));
    }

    private Dictionary<string, string?> ReadRow(DbDataReader row, string table, string key)
    {
        var values = new Dictionary<string, string?>();
        var id = row.GetString(row.GetOrdinal(key));
        for (var column = 0; column < row.FieldCount; column++)
        {
            var name = row.GetName(column);
            var value = row.IsDBNull(column) ? null : Text(name, row.GetValue(column));
            if (name.EndsWith(SealedEnd, StringComparison.Ordinal))
            {
                name = name[..^SealedEnd.Length];
                value = value is null ? null : cipher.Open($"{table}.{name}", id, value);
            }

            values[name] = value;
        }

        return values;
    }

    private static string? Text(string name, object value) =>
        name == "at" || name.EndsWith("_at", StringComparison.Ordinal)
            ? Instants.At(Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
            : Convert.ToString(value is bool yes ? yes ? 1 : 0 : value, CultureInfo.InvariantCulture);
}
