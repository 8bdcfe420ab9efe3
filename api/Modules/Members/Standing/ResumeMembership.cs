using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>A retained member works again: her membership lives on in the same union or in that of her new employer.</summary>
internal static class ResumeMembership
{
    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="UnionId">The new employer's union, in the officer's reach; null for the same union.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Id] string? UnionId,
        [property: LengthBetween(0, 300)] string? Note);

    /// <summary>恢复会籍 (resume a membership).</summary>
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
                    db, id, request.Version!.Value, reach, caller, [MembershipState.Retained], cancellation);
                var unionId = request.UnionId ?? membership.UnionId;
                if (!await db.IsInReachAsync(reach, unionId, cancellation))
                {
                    throw new Refusal(MembersProblems.UnionOutOfReach);
                }

                await MembershipDeeds.MoveOrRefuseAsync(db, membership, MembershipState.Active, unionId, cancellation);
                var change = MembershipDeeds.Change(changeId, membership, ChangeKind.Resumption, caller.PersonId, now) with { ToUnionId = unionId };
                await deeds.RecordAsync(
                    db, membership, change, request.Note, "resume_membership", caller, "会籍已恢复", "您的会籍已恢复为在册,欢迎回来。");
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
