using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>A wrongly entered value is sent back, by the second person or by whoever entered it; then it is entered anew.</summary>
internal static class ReturnDrawValue
{
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回公开值 (return a value).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="valueId">The value.</param>
    internal static async Task<NoContent> Handle(
        string id, string valueId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                await DrawValues.FindDrawAsync(db, id, reach, now, cancellation);
                await DrawValues.FindOpenAsync(db, id, valueId, cancellation);
                await db.DrawValues.Where(v => v.Id == valueId)
                    .Set(v => v.State, DrawValueState.Returned)
                    .Set(v => v.OpenActivityId, (string?)null)
                    .Set(v => v.DecidedBy, caller.PersonId)
                    .Set(v => v.DecidedAt, now)
                    .Set(v => v.ReasonSealed, cipher.Seal(DrawValueRow.ReasonPlace, valueId, request.Reason!))
                    .UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "return_draw_value", "activity", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
