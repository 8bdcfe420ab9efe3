using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>
/// The group proposes, the basic committee decides, the higher union files it (domain/members.md 1.3): one officer
/// enters reason and filing number, a second one confirms.
/// </summary>
internal static class ProposeExpulsion
{
    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="FilingNumber">上级工会备案文号.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 300)] string? Reason,
        [property: Needed, LengthBetween(2, 60)] string? FilingNumber);

    /// <summary>提议开除会籍 (propose to expel a member).</summary>
    internal static async Task<Created<DepartureSummary>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var departureId = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, departureId, now) =>
            {
                var membership = await MembershipDeeds.FindForDeedAsync(
                    db, id, request.Version!.Value, reach, caller, [MembershipState.Active], cancellation);
                await Departures.OpenAsync(
                    db,
                    new DepartureRow
                    {
                        Id = departureId,
                        MembershipId = membership.Id,
                        Kind = DepartureKind.Expulsion,
                        RequestedBy = caller.PersonId,
                        ReasonSealed = cipher.Seal(DepartureRow.ReasonPlace, departureId, request.Reason!),
                        FilingNumber = request.FilingNumber,
                        State = DepartureState.Open,
                        OpenMembershipId = membership.Id,
                        RequestedAt = now,
                    },
                    cancellation);
                await Audit.WriteAsync(db, caller, "propose_expulsion", "membership", membership.Id, now);
            },
            cancellation);

        await using var db = database.Open();
        var departure = await db.Departures.FirstAsync(d => d.Id == departureId, cancellation);
        return TypedResults.Created("/api/v1/office/membership-departures", DepartureSummary.Of(departure, cipher));
    }
}
