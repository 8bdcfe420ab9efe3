namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>Five quick questions, asked in the order of C-SSRS (domain/counselling.md 3.6).</summary>
/// <param name="HasThoughts">现在有伤害自己的念头.</param>
/// <param name="HasPlan">想过怎么做.</param>
/// <param name="HasMeans">身边有工具或条件.</param>
/// <param name="HasIntent">打算去做,或想好了时间.</param>
/// <param name="HasBegun">已经开始,或以前试过.</param>
internal sealed record RiskAnswers(bool HasThoughts, bool HasPlan, bool HasMeans, bool HasIntent, bool HasBegun);

/// <summary>Pure rules: levels, time limits, follow-ups.</summary>
internal static class CrisisRules
{
    private static readonly TimeSpan[] FollowUps = [TimeSpan.FromHours(24), TimeSpan.FromHours(72), TimeSpan.FromDays(7)];

    /// <summary>Who presses the button is at risk already, whatever she answers.</summary>
    public static CrisisLevel LevelOf(RiskAnswers answers) =>
        answers.HasIntent || answers.HasMeans || answers.HasBegun ? CrisisLevel.Red
        : answers.HasPlan ? CrisisLevel.Orange
        : CrisisLevel.Yellow;

    /// <summary>Within this time somebody must have answered; at red five minutes are the time of looking at the list.</summary>
    public static TimeSpan LimitOf(CrisisLevel level) => level switch
    {
        CrisisLevel.Red => TimeSpan.FromMinutes(5),
        CrisisLevel.Orange => TimeSpan.FromHours(2),
        _ => TimeSpan.FromHours(24),
    };

    /// <summary>When she must be asked again after so many follow-ups; null: no more.</summary>
    public static long? NextFollowUp(CrisisLevel level, long handledAt, int done)
    {
        var count = level switch { CrisisLevel.Red => 3, CrisisLevel.Orange => 1, _ => 0 };
        return done < count ? handledAt + (long)FollowUps[done].TotalMilliseconds : null;
    }

    /// <summary>What may follow what (3.6): 触发 → 响应 → 评估 → 处置 → 移交 → 回访 → 关闭.</summary>
    public static CrisisState? After(CrisisState state, CrisisStepKind step) => (state, step) switch
    {
        (CrisisState.Responded or CrisisState.Assessed or CrisisState.Handled or CrisisState.HandedOver or CrisisState.FollowedUp, CrisisStepKind.Assessment) =>
            state == CrisisState.Responded ? CrisisState.Assessed : state,
        (CrisisState.Assessed or CrisisState.Handled, CrisisStepKind.Handling) => CrisisState.Handled,
        (CrisisState.Handled or CrisisState.FollowedUp, CrisisStepKind.HandOver) => CrisisState.HandedOver,
        (CrisisState.Handled or CrisisState.HandedOver or CrisisState.FollowedUp, CrisisStepKind.FollowUp) => CrisisState.FollowedUp,
        (CrisisState.Handled or CrisisState.HandedOver or CrisisState.FollowedUp, CrisisStepKind.Closure) => CrisisState.Closed,
        _ => null,
    };
}
