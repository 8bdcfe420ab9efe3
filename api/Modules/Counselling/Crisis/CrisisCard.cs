using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>What she sees over the whole screen.</summary>
/// <param name="HasBeenAnswered">A person has taken it up.</param>
/// <param name="AnsweredAt">When.</param>
/// <param name="DueAt">By then somebody will have called.</param>
/// <param name="Words">What to do now.</param>
public sealed record CrisisCard(string Id, CrisisLevel Level, bool HasBeenAnswered, DateTimeOffset? AnsweredAt, DateTimeOffset? DueAt, string Words)
{
    internal static CrisisCard Of(CrisisTicketRow ticket) => new(
        ticket.Id,
        ticket.Level,
        ticket.RespondedAt is not null,
        Instants.At(ticket.RespondedAt),
        ticket.RespondedAt is null ? Instants.At(ticket.DueAt) : null,
        ticket.Level == CrisisLevel.Red
            ? "请现在就拨打 12356,或 120、110。请不要独处,到有人的地方去,把能伤害到自己的东西交给身边的人。值班人员已收到提醒。"
            : "您不必独自承受。现在就可以拨打 12356(24 小时,免费)。值班人员已收到提醒,会主动联系您;请尽量和信任的人待在一起。");
}
