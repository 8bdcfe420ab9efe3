using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>An entry goes back with a reason, by the worker's union or by the county; an approved one by the county alone.</summary>
internal static class ReturnEntry
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">Told to the worker: say what to change.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回联谊信息 (return an entry).</summary>
    /// <response code="409">entry_not_waiting, own_singles_entry, county_reviews, changed_meanwhile.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, EntryDecisions entries, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var entry = await EntryDecisions.FindAsync(db, id, reach, cancellation);
                await EntryDecisions.RefuseOwnAsync(db, entry, caller, cancellation);
                if (entry.State == EntryState.Returned)
                {
                    throw new Refusal(SinglesProblems.EntryNotWaiting) { Present = new { entry.State, entry.Version } };
                }

                if (entry.State != EntryState.Submitted && !await EntryDecisions.IsCountyAsync(db, reach, entry.UnionId!, cancellation))
                {
                    throw new Refusal(SinglesProblems.CountyReviews);
                }

                var move = new EntryMove(
                    stepId, EntryState.Returned, EntryStepKind.Return, "return_singles_entry", request.Reason, ("联谊信息被退回", $"您的联谊信息被退回,原因:{request.Reason}。请修改后重新提交。"));
                await entries.MoveAsync(db, entry, request.Version!.Value, move, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
