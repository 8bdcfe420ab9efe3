using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>The second officer does not confirm: the form stays as it is.</summary>
internal static class RefuseCorrection
{
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>更正复核不通过 (refuse a correction).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var (correction, membership) = await ConfirmCorrection.FindAsync(db, id, reach, caller, cancellation);
                var reason = cipher.Seal(CorrectionRow.DecisionPlace, correction.Id, request.Reason!);
                await ConfirmCorrection.CloseAsync(db, correction, CorrectionState.Refused, caller, reason, now, cancellation);
                await Audit.WriteAsync(db, caller, "refuse_correction", "membership", membership.Id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
