using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>I changed my job: my membership shall follow me to the new union.</summary>
internal static class AskForTransfer
{
    /// <param name="UnionId">The new employer's union, or a holding union (周转库).</param>
    public sealed record Request(
        [property: Needed, Id] string? UnionId,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>申请会籍接转 (ask for a transfer).</summary>
    internal static async Task<Created<TransferSummary>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, Transferring transferring, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, transferId, now) =>
            {
                var membership = await db.Memberships.FirstOrDefaultAsync(m => m.LivePersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(MembersProblems.NotMember);
                await transferring.StartAsync(
                    db, transferId, membership, request.UnionId!, TransferSide.Member, request.Reason!, caller, now, cancellation);
            },
            cancellation);

        await using var db = database.Open();
        return TypedResults.Created("/api/v1/me/membership-transfers", await TransferSummary.ReadAsync(db, id, cipher, cancellation));
    }
}
