using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// At the announced time the unused places of all groups serve whoever waits (名额合并). Each group's own rules stay;
/// capacity moves from groups that nobody waits for, so the sum never changes.
/// </summary>
internal sealed class MergeGroups(Database database, WaitingLine line, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        activityId => database.TransactAsync(db => MergeAsync(db, activityId, cancellation), cancellation));

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.Activities
            .Where(a => a.State == ActivityState.Published && a.MergesAt <= now && a.MergedAt == null && a.StartsAt > now)
            .Select(a => a.Id).ToListAsync(cancellation);
    }

    private async Task MergeAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var merged = await db.Activities.Where(a => a.Id == activityId && a.MergedAt == null)
            .Set(a => a.MergedAt, now).UpdateAsync(cancellation);
        if (merged == 1)
        {
            var turn = await Turn.TakeAsync(db, activityId, cancellation);
            await line.PromoteAsync(db, turn!, now, cancellation);
            await turn!.SaveAsync(db);
        }
    }
}
