using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>
/// A member asks to leave. Leaving is free (退会自由): the union talks with her and confirms; it cannot refuse, and
/// after thirty days the request takes effect by itself.
/// </summary>
internal static class RequestLeaving
{
    private static readonly TimeSpan StandsAfter = TimeSpan.FromDays(30);

    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>申请退会 (ask to leave the union).</summary>
    internal static async Task<Created<DepartureSummary>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, departureId, now) =>
            {
                var membership = await db.Memberships.FirstOrDefaultAsync(m => m.LivePersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(MembersProblems.NotMember);
                await Departures.OpenAsync(db, NewDeparture(departureId, membership, request, caller, cipher, now), cancellation);
                await Audit.WriteAsync(db, caller, "request_leaving", "membership", membership.Id, now);
            },
            cancellation);

        await using var db = database.Open();
        var departure = await db.Departures.FirstAsync(d => d.Id == id, cancellation);
        return TypedResults.Created("/api/v1/me/membership-departures", DepartureSummary.Of(departure, cipher));
    }

    private static DepartureRow NewDeparture(
        string id, MembershipRow membership, Request request, Caller caller, FieldCipher cipher, long now) => new()
        {
            Id = id,
            MembershipId = membership.Id,
            Kind = DepartureKind.Withdrawal,
            RequestedBy = caller.PersonId,
            ReasonSealed = cipher.Seal(DepartureRow.ReasonPlace, id, request.Reason!),
            State = DepartureState.Open,
            OpenMembershipId = membership.Id,
            RequestedAt = now,
            EffectiveAt = now + (long)StandsAfter.TotalMilliseconds,
        };
}
