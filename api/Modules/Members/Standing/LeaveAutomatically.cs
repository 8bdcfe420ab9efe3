using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>
/// Six months without dues and without activity, no good reason, after talks: the member counts as having left
/// (domain/members.md 1.3).
/// </summary>
internal static class LeaveAutomatically
{
    private const int Months = 6;

    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="LastActiveOn">The last day of which dues or activity are known; at least six months ago.</param>
    /// <param name="TalkedOn">When the union spoke with her about it, after that day.</param>
    /// <param name="Note">What was said.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed] DateOnly? LastActiveOn,
        [property: Needed] DateOnly? TalkedOn,
        [property: Needed, LengthBetween(2, 300)] string? Note);

    /// <summary>视为自动退会 (record automatic leaving).</summary>
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
                    db, id, request.Version!.Value, reach, caller, [MembershipState.Active], cancellation);
                Check(request, membership, Instants.DateOf(now));
                await MembershipDeeds.MoveOrRefuseAsync(db, membership, MembershipState.AutoLeft, membership.UnionId, cancellation);
                await MembershipDeeds.LapseOpenAsync(db, membership.Id, now, cancellation);
                var change = MembershipDeeds.Change(changeId, membership, ChangeKind.AutomaticLeaving, caller.PersonId, now);
                var reason = $"最后缴费或参加活动 {request.LastActiveOn:yyyy-MM-dd},谈话 {request.TalkedOn:yyyy-MM-dd}:{request.Note}";
                await deeds.RecordAsync(
                    db, membership, change, reason, "leave_automatically", caller, "已按自动退会办理", $"{reason}。如有异议请联系工会,也可以重新申请入会。");
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static void Check(Request request, MembershipRow membership, DateOnly today)
    {
        var last = request.LastActiveOn!.Value;
        if (last > today || last.AddMonths(Months) > today || last < Instants.Date(membership.JoinedOn))
        {
            throw Refusal.OfField("lastActiveOn", "最后缴费或参加活动的日期应在入会之后,且距今满 6 个月。");
        }

        if (request.TalkedOn <= last || request.TalkedOn > today)
        {
            throw Refusal.OfField("talkedOn", "谈话日期应在最后活动之后、今天之前(含今天)。");
        }
    }
}
