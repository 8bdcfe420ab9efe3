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
/// An officer of the old or of the new union starts a transfer. The new union does not see the member yet, so both name
/// her by member number and full name; one that does not fit the other is not there.
/// </summary>
internal static class StartTransfer
{
    /// <param name="MemberNumber">会员编号, 18 digits.</param>
    /// <param name="Name">Her full name.</param>
    /// <param name="UnionId">The new union. It or the present one is in the officer's reach.</param>
    public sealed record Request(
        [property: Needed, Form("^[0-9]{18}$", "请填写 18 位会员编号。")] string? MemberNumber,
        [property: Needed, LengthBetween(2, 30)] string? Name,
        [property: Needed, Id] string? UnionId,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>发起会籍接转 (start a transfer).</summary>
    internal static async Task<Created<TransferSummary>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Transferring transferring, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, transferId, now) =>
            {
                var (membership, side) = await FindAsync(db, request, reach, cancellation);
                await MembershipDeeds.RefuseOwnAsync(db, membership, caller, cancellation);
                await transferring.StartAsync(db, transferId, membership, request.UnionId!, side, request.Reason!, caller, now, cancellation);
            },
            cancellation);

        await using var db = database.Open();
        return TypedResults.Created("/api/v1/office/membership-transfers", await TransferSummary.ReadAsync(db, id, cipher, cancellation));
    }

    private static async Task<(MembershipRow Membership, TransferSide Side)> FindAsync(
        Db db, Request request, Reach reach, CancellationToken cancellation)
    {
        var membership = await (
            from m in db.Memberships
            join record in db.MemberRecords on m.PersonId equals record.PersonId
            where m.MemberNumber == request.MemberNumber && m.LivePersonId != null && record.Name == request.Name
            select m).FirstOrDefaultAsync(cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        if (await db.IsInReachAsync(reach, membership.UnionId, cancellation))
        {
            return (membership, TransferSide.OldUnion);
        }

        return await db.IsInReachAsync(reach, request.UnionId!, cancellation)
            ? (membership, TransferSide.NewUnion)
            : throw new Refusal(CommonProblems.NotFound);
    }
}
