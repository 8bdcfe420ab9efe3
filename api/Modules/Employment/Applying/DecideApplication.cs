using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>约面: the employer invites an applicant, or names another time.</summary>
internal static class InviteApplicant
{
    private const int FurthestDays = 60;

    /// <param name="Version">The version that was read.</param>
    /// <param name="Place">Where to come, or how to take part.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] DateTimeOffset? At, [property: Needed, LengthBetween(2, 120)] string? Place);

    /// <summary>约面 (invite to an interview).</summary>
    /// <response code="409">words_not_allowed: the word check found in the place what no firm may ask.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, ApplicationDeeds deeds, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (request.At <= now || request.At > now.AddDays(FurthestDays))
        {
            throw Refusal.OfField("at", "面试时间应在今后 60 天以内。");
        }

        var at = request.At!.Value.ToUnixTimeMilliseconds();
        var move = new ApplicationMove(
            [VacancyApplicationState.Sent, VacancyApplicationState.Seen, VacancyApplicationState.Invited],
            a => a with { State = VacancyApplicationState.Invited, InterviewAt = at, InterviewPlace = request.Place },
            (firm, title) => ("收到面试邀请", $"{firm}邀请您参加“{title}”的面试:{Instants.InWords(at)},{request.Place}。"))
        {
            Texts = [("place", request.Place)],
        };
        await deeds.MoveAsync(id, request.Version!.Value, request, key, caller, move, cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>录用: the employer wants her; what is missing is the contract.</summary>
internal static class AcceptApplicant
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>录用 (accept an applicant).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, ApplicationDeeds deeds, CancellationToken cancellation)
    {
        var move = new ApplicationMove(
            [VacancyApplicationState.Sent, VacancyApplicationState.Seen, VacancyApplicationState.Invited],
            a => a with { State = VacancyApplicationState.Accepted },
            (firm, title) => ("您已被录用", $"{firm}录用您从事“{title}”。入职前请签订劳动合同,单位不得收取押金或扣押证件。"));
        await deeds.MoveAsync(id, request.Version!.Value, request, key, caller, move, cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>不合适, for a reason of the list.</summary>
internal static class RejectApplicant
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, KnownWord] UnsuitableReason? Reason);

    /// <summary>不合适 (turn an applicant down).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, ApplicationDeeds deeds, CancellationToken cancellation)
    {
        var move = new ApplicationMove(
            [VacancyApplicationState.Sent, VacancyApplicationState.Seen, VacancyApplicationState.Invited, VacancyApplicationState.Accepted],
            a => a with { State = VacancyApplicationState.Unsuitable, Reason = request.Reason },
            (firm, title) => ("投递结果", $"{firm}答复您对“{title}”的投递:{InWords(request.Reason!.Value)}。您可以继续投递其他岗位。"));
        await deeds.MoveAsync(id, request.Version!.Value, request, key, caller, move, cancellation);
        return TypedResults.NoContent();
    }

    private static string InWords(UnsuitableReason reason) => reason switch
    {
        UnsuitableReason.Filled => "岗位已招满",
        UnsuitableReason.Skills => "技能与岗位要求不符",
        UnsuitableReason.Experience => "工作经验不足",
        UnsuitableReason.Certificate => "缺少岗位必需的证书",
        UnsuitableReason.Hours => "工作时间未能达成一致",
        UnsuitableReason.Pay => "待遇未能达成一致",
        UnsuitableReason.DidNotCome => "未到面试",
        _ => "您已放弃",
    };
}

/// <summary>已入职: the contract is signed, and one of the headcount is found.</summary>
internal static class HireApplicant
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="ContractOn">合同签订日, not in the future.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] DateOnly? ContractOn);

    /// <summary>登记入职 (record that an applicant was hired). The last of the headcount fills the vacancy.</summary>
    /// <response code="409">headcount_reached: raise the headcount first.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, ApplicationDeeds deeds, TimeProvider clock, CancellationToken cancellation)
    {
        var contractOn = request.ContractOn!.Value;
        if (contractOn > clock.Today() || contractOn < clock.Today().AddYears(-1))
        {
            throw Refusal.OfField("contractOn", "合同签订日应在今天以前一年之内。");
        }

        var move = new ApplicationMove(
            [VacancyApplicationState.Accepted],
            a => a with
            {
                State = VacancyApplicationState.Hired,
                ContractOn = contractOn.Stored(),
                FollowUpDueAt = Instants.StartOf(contractOn.AddMonths(FollowUps.Months)),
            },
            (firm, title) => ("已登记入职", $"{firm}已登记您入职“{title}”,合同签订日 {contractOn.Stored()}。与事实不符的,请联系工会或投诉该岗位。"));
        await deeds.MoveAsync(id, request.Version!.Value, request, key, caller, move, cancellation);
        return TypedResults.NoContent();
    }
}
