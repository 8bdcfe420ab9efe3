using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Offers whose time is over go to the next in line. Several nodes may run it: each activity in its turn.</summary>
internal sealed class ExpireOffers(Database database, WaitingLine line, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        activityId => database.TransactAsync(db => ExpireAsync(db, activityId, cancellation), cancellation));

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.Enrolments.Where(e => e.State == EnrolmentState.Offered && e.OfferedUntil <= now)
            .Select(e => e.ActivityId).Distinct().ToListAsync(cancellation);
    }

    private async Task ExpireAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var turn = await Turn.TakeAsync(db, activityId, cancellation);
        var now = clock.Milliseconds();
        var over = await db.Enrolments
            .Where(e => e.ActivityId == activityId && e.State == EnrolmentState.Offered && e.OfferedUntil <= now)
            .OrderBy(e => e.Number).ToListAsync(cancellation);
        foreach (var enrolment in over)
        {
            turn!.Release(enrolment);
            await EnrolmentChanges.MoveAsync(db, enrolment, EnrolmentState.Expired, EnrolmentStepKind.Expiry, null, now, cancellation);
            await messenger.AddAsync(db, Notices.OfferExpired(turn.Activity, enrolment, now), now);
        }

        await line.PromoteAsync(db, turn!, now, cancellation);
        await turn!.SaveAsync(db);
    }
}
