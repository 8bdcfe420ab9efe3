using System.Globalization;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Activities;

/// <summary>
/// Who may take a place of a group, by verified facts only. Everything left out does not restrict.
/// </summary>
/// <param name="MembersOnly">Only 在册会员 (会籍接转中 counts, domain/members.md 1.3).</param>
/// <param name="UnionIds">Members of these unions and of those below.</param>
/// <param name="Sex">GB/T 2261.1: 1 男, 2 女.</param>
/// <param name="LeastAge">周岁 on the day the activity begins.</param>
/// <param name="MostAge">周岁 on the day the activity begins.</param>
/// <param name="SinglesOnly">Has declared to be single (单身承诺).</param>
/// <param name="ModelWorkersOnly">劳模.</param>
/// <param name="NewFormOnly">新就业形态劳动者.</param>
public sealed record EligibilityRules(
    bool? MembersOnly = null,
    [property: AtMostItems(50)] IReadOnlyList<string>? UnionIds = null,
    [property: Form("^[12]$", "请选择男或女。")] string? Sex = null,
    [property: Between(0, 120)] int? LeastAge = null,
    [property: Between(0, 120)] int? MostAge = null,
    bool? SinglesOnly = null,
    bool? ModelWorkersOnly = null,
    bool? NewFormOnly = null);

/// <summary>The facts as they were when a sign-up was decided; kept with it, so that the decision can be explained later.</summary>
/// <param name="IsSingle">Null: the activity does not ask, and what is not asked is not kept.</param>
internal sealed record FactsSeen(
    MembershipState? State, string? UnionId, string? Sex, int? Age, bool? IsSingle, bool IsModelWorker, bool IsNewForm, int Points, long At);

internal static class Eligibility
{
    public static FactsSeen See(MemberFacts member, bool? isSingle, int points, DateOnly day, long now) => new(
        member.State, member.UnionId, member.Sex, AgeOn(member.BirthOn, day), isSingle, member.IsModelWorker, member.IsNewForm, points, now);

    /// <summary>Null when the person may take a place, else the rule that says no, in words for her.</summary>
    public static string? Refusal(EligibilityRules rules, MemberFacts member, FactsSeen seen)
    {
        var isMember = seen.State is MembershipState.Active or MembershipState.Transferring;
        if (!isMember && (rules.MembersOnly == true || rules.UnionIds is { Count: > 0 } || NeedsVerifiedForm(rules)))
        {
            return "仅限在册工会会员报名,请先办理入会。";
        }

        if (rules.UnionIds is { Count: > 0 } unions && !unions.Any(member.UnionIds.Contains))
        {
            return "仅限指定工会的会员报名。";
        }

        if (rules.Sex is { } sex && seen.Sex != sex)
        {
            return sex == "1" ? "此名额组仅限男职工。" : "此名额组仅限女职工。";
        }

        if (seen.Age is { } age && (age < rules.LeastAge || age > rules.MostAge))
        {
            return AgeSentence(rules);
        }

        if (rules.SinglesOnly == true && seen.IsSingle != true)
        {
            return "仅限单身职工报名,请先签署单身承诺。";
        }

        if (rules.ModelWorkersOnly == true && !seen.IsModelWorker)
        {
            return "仅限劳动模范报名。";
        }

        return rules.NewFormOnly == true && !seen.IsNewForm ? "仅限新就业形态劳动者报名。" : null;
    }

    /// <summary>周岁: a birthday on 29 February is reached on 1 March of other years.</summary>
    public static int? AgeOn(DateOnly? birth, DateOnly day)
    {
        if (birth is not { } born)
        {
            return null;
        }

        var age = day.Year - born.Year;
        return (day.Month, day.Day).CompareTo((born.Month, born.Day)) < 0 ? age - 1 : age;
    }

    /// <summary>Sex, age, honours are known for certain of members only: an officer has seen their papers.</summary>
    private static bool NeedsVerifiedForm(EligibilityRules rules) =>
        rules.Sex is not null || rules.LeastAge is not null || rules.MostAge is not null
        || rules.ModelWorkersOnly == true || rules.NewFormOnly == true;

    private static string AgeSentence(EligibilityRules rules) => (rules.LeastAge, rules.MostAge) switch
    {
        ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $"活动当天年龄应为 {least} 到 {most} 周岁。"),
        ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $"活动当天应年满 {least} 周岁。"),
        (_, var most) => string.Create(CultureInfo.InvariantCulture, $"活动当天年龄不超过 {most} 周岁。"),
    };
}
