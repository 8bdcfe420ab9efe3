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

/// <summary>The new union takes the member in: from now on she counts, pays and votes there.</summary>
internal static class AcceptTransfer
{
    public sealed record Request;

    /// <summary>接收会籍 (accept a transfer).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Transferring transferring, MembershipDeeds deeds, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                var transfer = await FindAsync(db, id, reach, caller, cancellation);
                var membership = await transferring.CloseAsync(db, transfer, TransferState.Accepted, caller.PersonId, null, now, cancellation);
                await MembershipDeeds.RefuseOwnAsync(db, membership, caller, cancellation);
                await WriteChangesAsync(db, changeId, transfer, membership, deeds, cipher, caller, now);
                await Audit.WriteAsync(db, caller, "accept_transfer", "membership", membership.Id, now);
                await transferring.TellAsync(db, membership.PersonId, id, "transfer_accepted", "会籍已转入新工会", "您的会籍已转入新工会,今后请在新工会缴纳会费、参加活动。", now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Maker is not checker: an officer who started the transfer does not accept it herself.</summary>
    private static async Task<TransferRow> FindAsync(Db db, string id, Reach reach, Caller caller, CancellationToken cancellation)
    {
        var transfer = await db.Transfers.FirstOrDefaultAsync(t => t.Id == id, cancellation);
        if (transfer is null || !await db.IsInReachAsync(reach, transfer.ToUnionId, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        return transfer.StartedBy == caller.PersonId ? throw new Refusal(UnionsProblems.SecondPersonNeeded) : transfer;
    }

    /// <summary>03 转出 and 02 转入 with the unions and the reason given at the start.</summary>
    private static async Task WriteChangesAsync(
        Db db, string changeId, TransferRow transfer, MembershipRow membership, MembershipDeeds deeds, FieldCipher cipher, Caller caller, long now)
    {
        var reason = cipher.Open(TransferRow.ReasonPlace, transfer.Id, transfer.ReasonSealed);
        var moved = MembershipDeeds.Change(changeId, membership, ChangeKind.TransferOut, caller.PersonId, now) with { ToUnionId = transfer.ToUnionId };
        await deeds.WriteAsync(db, moved, reason);
        await deeds.WriteAsync(db, moved with { Id = Ids.New(), Kind = ChangeKind.TransferIn }, reason);
    }
}
