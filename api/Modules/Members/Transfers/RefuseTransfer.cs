using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>
/// The new union does not take the member in; where the new union itself started, the old one may say no. The
/// membership stays in the old union.
/// </summary>
internal static class RefuseTransfer
{
    /// <param name="Reason">Told to the member.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>不予接收 (refuse a transfer).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Transferring transferring, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var transfer = await FindAsync(db, id, reach, cancellation);
                var membership = await transferring.CloseAsync(db, transfer, TransferState.Refused, caller.PersonId, request.Reason, now, cancellation);
                await MembershipDeeds.RefuseOwnAsync(db, membership, caller, cancellation);
                await Audit.WriteAsync(db, caller, "refuse_transfer", "membership", membership.Id, now);
                await transferring.TellAsync(
                    db, membership.PersonId, id, "transfer_refused", "会籍接转未获接收", $"会籍仍在原工会,原因:{request.Reason}。如有疑问请联系工会。", now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<TransferRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var transfer = await db.Transfers.FirstOrDefaultAsync(t => t.Id == id, cancellation);
        var isMine = transfer is not null
            && (await db.IsInReachAsync(reach, transfer.ToUnionId, cancellation)
                || (transfer.Side == TransferSide.NewUnion && await db.IsInReachAsync(reach, transfer.FromUnionId, cancellation)));
        return isMine ? transfer! : throw new Refusal(CommonProblems.NotFound);
    }
}
