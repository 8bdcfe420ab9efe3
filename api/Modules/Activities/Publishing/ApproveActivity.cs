using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>A second person approves; the activity is public from now on, with its rules and its way of giving places.</summary>
internal static class ApproveActivity
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>批准发布 (approve and publish).</summary>
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
                await ActivityDecisions.RefuseOwnAsync(db, activity, caller, cancellation);
                if (activity.State != ActivityState.AwaitingApproval)
                {
                    throw new Refusal(ActivitiesProblems.NotAwaitingApproval) { Present = new { activity.State, activity.Version } };
                }

                if (activity.ClosesAt <= now)
                {
                    throw new Refusal(ActivitiesProblems.TimesOutOfOrder);
                }

                await ActivityDecisions.MoveAsync(
                    db, activity, request.Version!.Value, ActivityState.Published, ActivityStepKind.Approval, stepId, null, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
