using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>The national and union code tables (代码表, domain/codes.md), read once from <c>seeds/reference/code-tables.json</c>.</summary>
internal sealed class CodeTables
{
    private readonly Dictionary<string, HashSet<string>> codes;

    public CodeTables()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "seeds", "reference", "code-tables.json"));
        All = JsonSerializer.Deserialize<Dictionary<string, Table>>(file, ContractJson.Stored)!;
        codes = All.ToDictionary(t => t.Key, t => t.Value.Entries.Select(e => e.Code).ToHashSet());
    }

    public IReadOnlyDictionary<string, Table> All { get; }

    public bool Has(string table, string code) => codes[table].Contains(code);

    public sealed record Entry(string Code, string Name);

    /// <param name="Standard">Where the codes come from, e.g. GB/T 3304.</param>
    public sealed record Table(string Standard, IReadOnlyList<Entry> Entries);
}

/// <summary>A code of the named table.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CodeOfAttribute(string table) : ValidationAttribute
{
    public string TableName { get; } = table;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string code || validationContext.GetRequiredService<CodeTables>().Has(TableName, code)
            ? ValidationResult.Success
            : new ValidationResult("请从列表中选择。", validationContext.MemberName is { } member ? [member] : null);
}

/// <summary>The choices of the forms.</summary>
internal static class GetCodeTables
{
    /// <param name="Tables">Table name → standard and entries, in their order.</param>
    public sealed record Response(IReadOnlyDictionary<string, CodeTables.Table> Tables);

    /// <summary>代码表 (code tables).</summary>
    internal static Ok<Response> Handle(CodeTables tables) => TypedResults.Ok(new Response(tables.All));
}
