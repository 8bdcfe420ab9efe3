using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>The union records a member's death.</summary>
internal static class RecordDeath
{
    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="DiedOn">Not in the future, not before the membership began.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed] DateOnly? DiedOn,
        [property: LengthBetween(0, 300)] string? Note);

    /// <summary>会员去世 (record a member's death).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, MembershipDeeds deeds, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                var membership = await MembershipDeeds.FindForDeedAsync(
                    db, id, request.Version!.Value, reach, caller, MembershipRules.Live, cancellation);
                var diedOn = request.DiedOn!.Value;
                if (diedOn > Instants.DateOf(now) || diedOn < Instants.Date(membership.JoinedOn))
                {
                    throw Refusal.OfField("diedOn", "日期应在入会之后、今天之前(含今天)。");
                }

                await MembershipDeeds.MoveOrRefuseAsync(db, membership, MembershipState.Deceased, membership.UnionId, cancellation);
                await MembershipDeeds.LapseOpenAsync(db, membership.Id, now, cancellation);
                var change = MembershipDeeds.Change(changeId, membership, ChangeKind.Death, caller.PersonId, now) with { HappenedOn = diedOn.Stored() };

                // The message is read only where the record is wrong: then it tells the living whom to ask.
                await deeds.RecordAsync(
                    db, membership, change, request.Note, "record_death", caller, "会籍登记已变更", "此会籍已办理终止登记。如登记有误,请尽快联系所在工会更正。");
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
