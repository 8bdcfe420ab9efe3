using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>The worker's own union vouches that she works there and is single (单位工会意见).</summary>
internal static class ConfirmEntry
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>单位工会确认 (confirm an entry).</summary>
    /// <response code="409">entry_not_waiting, own_singles_entry, changed_meanwhile.</response>
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
                if (entry.State != EntryState.Submitted)
                {
                    throw new Refusal(SinglesProblems.EntryNotWaiting) { Present = new { entry.State, entry.Version } };
                }

                await entries.MoveAsync(
                    db, entry, request.Version!.Value, new EntryMove(stepId, EntryState.Confirmed, EntryStepKind.Confirmation, "confirm_singles_entry"), caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
