using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Activities.Enrolling;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// When an activity begins, nobody is left in the dark: where its places were never drawn or chosen, those who signed up
/// are not admitted and told so; those in the waiting line are told that it has ended. Both may still come to the door.
/// </summary>
internal sealed class BeginActivities(
    Database database, AllocatingPlaces allocating, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    /// <summary>After a longer standstill the end of a line is no news to anybody.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        activityId => database.TransactAsync(db => BeginAsync(db, activityId, cancellation), cancellation));

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.Activities
            .Where(a => a.State == ActivityState.Published && a.StartsAt <= now && a.BegunAt == null)
            .OrderBy(a => a.StartsAt).Select(a => a.Id).ToListAsync(cancellation);
    }

    private async Task BeginAsync(Db db, string activityId, CancellationToken cancellation)
    {
        // The turn puts several nodes in order: the second finds what the first did.
        var turn = await Turn.TakeAsync(db, activityId, cancellation);
        var now = clock.Milliseconds();
        if (turn is not { Activity: { State: ActivityState.Published, BegunAt: null } activity })
        {
            return;
        }

        var applied = await AllocatingPlaces.AppliedAsync(db, turn, cancellation);
        await allocating.TurnDownAsync(db, applied, e => Notices.NotAllocated(activity, e), now);
        if (now < activity.StartsAt + (long)News.TotalMilliseconds)
        {
            var waiting = await db.Enrolments.Where(e => e.ActivityId == activityId && e.State == EnrolmentState.Waiting)
                .OrderBy(e => e.Number).ToListAsync(cancellation);
            await messenger.AddAsync(db, [.. waiting.Select(e => Notices.LineEnded(activity, e))], now);
        }

        await db.Activities.Where(a => a.Id == activityId).Set(a => a.BegunAt, now).UpdateAsync(cancellation);
    }
}
