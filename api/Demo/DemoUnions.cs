using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Demo;

/// <summary>Loads <c>seeds/demo/unions.csv</c>; parents stand before their children.</summary>
internal sealed class DemoUnions(Database database, TimeProvider clock)
{
    public Task LoadAsync() => database.TransactAsync(
        async db =>
        {
            foreach (var cells in ReferenceFile.Read("unions.csv", "demo"))
            {
                if (!await db.Unions.AnyAsync(u => u.SeedKey == cells[0]))
                {
                    await AddAsync(db, cells);
                }
            }
        },
        CancellationToken.None);

    private async Task AddAsync(Db db, string[] cells)
    {
        var parent = cells[3].Length == 0 ? null : await db.Unions.FirstAsync(u => u.SeedKey == cells[3]);
        var union = new UnionRow
        {
            Id = Ids.New(),
            SeedKey = cells[0],
            Name = cells[1],
            Type = cells[2],
            ParentId = parent?.Id,
            DivisionCode = cells[4],
            EmployerName = TextOrNone(cells[5]),
            EmployerCreditCode = CodeOrNone(cells[6]),
            UnionCreditCode = CodeOrNone(cells[7]),
            IsHolding = cells[8] == "1",
            State = UnionState.Established,
            Version = 1,
            CreatedAt = clock.Milliseconds(),
        };
        await db.AddUnionAsync(union);
    }

    private static string? TextOrNone(string cell) => cell.Length == 0 ? null : cell;

    private static string? CodeOrNone(string cell) =>
        cell.Length == 0 ? null
        : CreditCode.IsValid(cell) ? cell
        : throw new InvalidOperationException($"统一社会信用代码 {cell} 的校验位不对,请检查 seeds/demo/unions.csv。");
}
