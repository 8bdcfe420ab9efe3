using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The second person sends an activity back to its draft, with a reason.</summary>
internal static class ReturnActivity
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">What to change.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回修改 (return an activity).</summary>
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

                await ActivityDecisions.MoveAsync(
                    db, activity, request.Version!.Value, ActivityState.Draft, ActivityStepKind.Return, stepId, request.Reason, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
