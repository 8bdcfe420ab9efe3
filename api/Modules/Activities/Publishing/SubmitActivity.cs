using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The organiser hands a draft in for approval by a second person.</summary>
internal static class SubmitActivity
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>提交审批 (submit an activity).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
                if (activity.State != ActivityState.Draft)
                {
                    throw new Refusal(ActivitiesProblems.NotDraft) { Present = new { activity.State, activity.Version } };
                }

                if (activity.ClosesAt <= now)
                {
                    throw new Refusal(ActivitiesProblems.TimesOutOfOrder);
                }

                await ActivityDecisions.MoveAsync(
                    db, activity, request.Version!.Value, ActivityState.AwaitingApproval, ActivityStepKind.Submission, stepId, null, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
