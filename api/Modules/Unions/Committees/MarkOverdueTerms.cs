using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>A union whose committee's term has ended without an election is 超期未换届.</summary>
internal sealed class MarkOverdueTerms(Database database, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var today = clock.Today().Stored();
        var ids = await (
            from committee in db.Committees
            join union in db.Unions on committee.CurrentUnionId equals union.Id
            where committee.EndsOn.CompareTo(today) < 0
                && (union.State == UnionState.Established || union.State == UnionState.ReElecting)
            orderby union.Id
            select union.Id).ToListAsync(cancellation);
        foreach (var id in ids)
        {
            await database.TransactAsync(writing => MarkAsync(writing, id, today, cancellation), cancellation);
        }
    }

    /// <summary>An election recorded meanwhile leaves no ended committee, and the guard nothing to do.</summary>
    private async Task MarkAsync(Db db, string id, string today, CancellationToken cancellation)
    {
        var committees = db.Committees;
        var marked = await db.Unions
            .Where(u => u.Id == id && (u.State == UnionState.Established || u.State == UnionState.ReElecting)
                && committees.Any(c => c.CurrentUnionId == id && c.EndsOn.CompareTo(today) < 0))
            .Set(u => u.State, UnionState.Overdue)
            .Set(u => u.Version, u => u.Version + 1)
            .UpdateAsync(cancellation);
        if (marked == 1)
        {
            await db.InsertAsync(
                new UnionChangeRow { Id = Ids.New(), UnionId = id, Kind = UnionChangeKind.Overdue, At = clock.Milliseconds() },
                token: cancellation);
        }
    }
}
