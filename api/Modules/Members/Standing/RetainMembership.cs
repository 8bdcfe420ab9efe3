using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>Why a membership is kept without dues and vote (domain/members.md 1.3).</summary>
public enum RetentionReason
{
    /// <summary>退休.</summary>
    Retirement,

    /// <summary>提前退休.</summary>
    EarlyRetirement,

    /// <summary>失业.</summary>
    Unemployment,

    /// <summary>服兵役.</summary>
    MilitaryService,

    /// <summary>原单位关闭破产.</summary>
    EmployerClosed,

    /// <summary>脱产学习 without a job.</summary>
    FullTimeStudy,
}

/// <summary>The union keeps the membership of somebody who has no work for now or is retired.</summary>
internal static class RetainMembership
{
    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="Note">More about it, where the word does not tell all.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, KnownWord] RetentionReason? Reason,
        [property: LengthBetween(0, 300)] string? Note);

    /// <summary>保留会籍 (retain a membership).</summary>
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
                await MembershipDeeds.MoveOrRefuseAsync(db, membership, MembershipState.Retained, membership.UnionId, cancellation);
                var change = MembershipDeeds.Change(changeId, membership, ChangeKind.Retention, caller.PersonId, now) with
                {
                    ReasonWord = WordOf(request.Reason!.Value),
                };
                await deeds.RecordAsync(
                    db, membership, change, request.Note, "retain_membership", caller, "会籍已保留", "您的会籍已转为保留会籍:不缴会费,重新就业后请告诉工会办理恢复。");
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>As in the contract and in the database.</summary>
    internal static string WordOf(RetentionReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
