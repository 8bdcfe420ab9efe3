using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>The second officer does not confirm an expulsion. A member's own request to leave cannot be refused.</summary>
internal static class RefuseExpulsion
{
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>不予开除 (refuse to expel).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var (departure, membership) = await ConfirmDeparture.FindAsync(db, id, reach, caller, cancellation);
                if (departure.Kind != DepartureKind.Expulsion)
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                var note = cipher.Seal(DepartureRow.NotePlace, departure.Id, request.Reason!);
                await Departures.CloseAsync(db, departure, DepartureState.Refused, caller.PersonId, null, note, now, cancellation);
                await Audit.WriteAsync(db, caller, "refuse_expulsion", "membership", membership.Id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
