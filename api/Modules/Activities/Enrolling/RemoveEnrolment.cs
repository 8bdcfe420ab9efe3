using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>The organiser takes a sign-up off the list, with a reason that is told; the place goes to the first in line.</summary>
internal static class RemoveEnrolment
{
    /// <param name="Reason">Told to the person.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>移除报名 (remove a sign-up).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="enrolmentId">The sign-up.</param>
    /// <response code="409">checked_in_already: who came keeps her place.</response>
    internal static async Task<NoContent> Handle(
        string id, string enrolmentId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, WaitingLine line, IMessenger messenger, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var turn = await ActivityDrafts.TakeTurnAsync(db, id, reach, cancellation);
                var enrolment = await db.Enrolments.FirstOrDefaultAsync(e => e.Id == enrolmentId && e.ActivityId == id, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (now >= turn.Activity.EndsAt)
                {
                    throw new Refusal(ActivitiesProblems.ActivityOver) { Present = new { enrolment.State } };
                }

                if (!EnrolmentChanges.IsLive(enrolment.State))
                {
                    throw new Refusal(ActivitiesProblems.EnrolmentDecided) { Present = new { enrolment.State } };
                }

                // A number taken off a public list would look as if its owner had given it back.
                if (enrolment.State == EnrolmentState.Applied && turn.IsListClosed)
                {
                    throw new Refusal(ActivitiesProblems.BeingDrawn, "报名已截止、正在抽签,抽签以公布的名单为准,抽签完成后才能移除。");
                }

                turn.Release(enrolment);
                await EnrolmentChanges.MoveAsync(
                    db, enrolment, EnrolmentState.Removed, EnrolmentStepKind.Removal, caller.PersonId, now, cancellation,
                    stepId: stepId, reasonSealed: cipher.Seal(EnrolmentStepRow.ReasonPlace, stepId, request.Reason!));
                if (await CheckIns.IsInAsync(db, enrolment.Id, cancellation))
                {
                    throw new Refusal(AttendingProblems.CheckedInAlready, "此人已经签到,不能再移除报名。");
                }

                await line.PromoteAsync(db, turn, now, cancellation);
                await turn.SaveAsync(db);
                await Audit.WriteAsync(db, caller, "remove_enrolment", "enrolment", enrolment.Id, now, enrolment.PersonId);
                await messenger.AddAsync(db, Notices.Removed(turn.Activity, enrolment, request.Reason!), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
