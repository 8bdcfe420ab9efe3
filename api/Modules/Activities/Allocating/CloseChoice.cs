using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// The organiser has chosen: whoever was neither admitted nor rejected stands in the waiting line in order of the
/// numbers, or is not admitted where there is none. Places that are left go to the line at once.
/// </summary>
internal static class CloseChoice
{
    /// <param name="Version">The version of the activity that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>完成审定 (close the choice).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, AllocatingPlaces allocating, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var turn = await Choosing.FindChoiceAsync(db, id, reach, now, cancellation);
                if (turn.Activity.Version != request.Version)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { turn.Activity.State, turn.Activity.Version } };
                }

                var row = new AllocationRow { ActivityId = id, MadeBy = caller.PersonId, At = now };
                await allocating.WriteAsync(
                    db, turn, row, [], await AllocatingPlaces.AppliedAsync(db, turn, cancellation), stepId, caller, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
