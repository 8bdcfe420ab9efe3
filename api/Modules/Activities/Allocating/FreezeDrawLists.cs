using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Enrolling;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>After closing, the sign-up numbers that take part in a draw are written down once and for all, and are public.</summary>
internal sealed class FreezeDrawLists(Database database, TimeProvider clock) : IPeriodicTask
{
    /// <summary>So long the wishes that came before closing have to be written; after it none is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>From here on the list of sign-ups is complete and places may be given.</summary>
    public static bool IsComplete(ActivityRow activity, long now) => now >= activity.ClosesAt + (long)Patience.TotalMilliseconds;

    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        activityId => database.TransactAsync(
            async db => await FreezeAsync(db, (await Turn.TakeAsync(db, activityId, cancellation))!, clock.Milliseconds(), cancellation), cancellation));

    /// <summary>
    /// The list of the activity whose turn it is: the frozen one, else frozen now. Its hash is the record of an audit
    /// entry, so that the heads of the audit chain bear witness to it.
    /// </summary>
    public static async Task<DrawList> FreezeAsync(Db db, Turn turn, long now, CancellationToken cancellation)
    {
        var activityId = turn.Activity.Id;
        if (await db.DrawLists.FirstOrDefaultAsync(l => l.ActivityId == activityId, cancellation) is { } frozen)
        {
            return DrawList.Parse(frozen.Content);
        }

        var applied = await db.Enrolments.Where(e => e.ActivityId == activityId && e.State == EnrolmentState.Applied)
            .OrderBy(e => e.Number).Select(e => new { e.GroupId, e.Number, e.Guests }).ToListAsync(cancellation);
        var list = new DrawList(
            activityId,
            [.. turn.Groups.Select(g => new DrawGroup(
                g.Row.Id, g.Capacity, [.. applied.Where(e => e.GroupId == g.Row.Id).Select(e => new DrawEntry(e.Number, 1 + e.Guests))]))]);
        var content = list.Content();
        var hash = Drawing.HashOf(content);
        await db.InsertAsync(new DrawListRow { ActivityId = activityId, Content = content, Hash = hash, FrozenAt = now }, token: cancellation);
        await Audit.WriteAsync(db, Operator.Here(), "freeze_draw_list", "draw_list", hash, now);
        return list;
    }

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Patience.TotalMilliseconds;
        await using var db = database.Open();
        var lists = db.DrawLists;
        return await db.Activities
            .Where(a => a.State == ActivityState.Published && a.Allocation == Allocation.Draw && a.ClosesAt <= before && !lists.Any(l => l.ActivityId == a.Id))
            .Select(a => a.Id).ToListAsync(cancellation);
    }
}
