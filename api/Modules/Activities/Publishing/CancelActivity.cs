using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The organiser calls a published activity off: everybody who signed up or waits is told, nobody gets points.</summary>
internal static class CancelActivity
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">Told to everybody.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>取消活动 (cancel an activity).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, IMessenger messenger, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                // The turn first: whoever signs up at the same moment comes before and is told, or after and is refused.
                var turn = await ActivityDrafts.TakeTurnAsync(db, id, reach, cancellation);
                var activity = turn.Activity;
                if (Phases.Of(activity, now) is not (Phase.Announced or Phase.Open or Phase.Closed))
                {
                    throw new Refusal(ActivitiesProblems.ActivityOver) { Present = new { activity.State, activity.Version } };
                }

                await ActivityDecisions.MoveAsync(
                    db, activity, request.Version!.Value, ActivityState.Cancelled, ActivityStepKind.Cancellation, stepId, cipher.Seal(ActivityStepRow.ReasonPlace, stepId, request.Reason!), caller, now, cancellation);
                await EndEnrolmentsAsync(db, turn, request.Reason!, messenger, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task EndEnrolmentsAsync(
        Db db, Turn turn, string reason, IMessenger messenger, Caller caller, long now, CancellationToken cancellation)
    {
        var activity = turn.Activity;
        var living = await db.Enrolments.Where(e => e.ActivityId == activity.Id && e.LivePersonId != null).OrderBy(e => e.Number).ToListAsync(cancellation);
        foreach (var enrolment in living)
        {
            turn.Release(enrolment);
        }

        await db.Enrolments.Where(e => e.ActivityId == activity.Id && e.LivePersonId != null)
            .Set(e => e.State, EnrolmentState.Removed)
            .Set(e => e.LivePersonId, (string?)null)
            .Set(e => e.OfferedUntil, (long?)null)
            .Set(e => e.Version, e => e.Version + 1)
            .Set(e => e.UpdatedAt, now)
            .UpdateAsync(cancellation);
        await db.InsertManyAsync(living.Select(e => new EnrolmentStepRow
        {
            Id = Ids.New(),
            EnrolmentId = e.Id,
            Kind = EnrolmentStepKind.Removal,
            PersonId = caller.PersonId,
            At = now,
        }));
        await turn.SaveAsync(db);
        await messenger.AddAsync(db, [.. living.Select(e => Notices.ActivityCancelled(activity, e, reason))], now);
    }
}
