using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>Who started a transfer takes it back: the member in her mini-program, the officer in the office.</summary>
internal static class CancelTransfer
{
    public sealed record Request;

    /// <summary>撤销会籍接转 (cancel a transfer that I started).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, Transferring transferring, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var isOffice = caller.Kind == SessionKind.Staff;
                var transfer = await db.Transfers.FirstOrDefaultAsync(
                    t => t.Id == id && t.StartedBy == caller.PersonId && (t.Side != TransferSide.Member) == isOffice, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                var membership = await transferring.CloseAsync(db, transfer, TransferState.Cancelled, caller.PersonId, null, now, cancellation);
                await Audit.WriteAsync(db, caller, "cancel_transfer", "membership", membership.Id, now);
                await transferring.TellAsync(db, membership.PersonId, id, "transfer_cancelled", "会籍接转已撤销", "会籍仍在原工会。", now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
