namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>Section <c>Conduct</c>: what weighs how much, for how long, and what follows.</summary>
internal sealed record ConductRules
{
    /// <summary>Points for giving up a place after the cancellation deadline.</summary>
    public int LateCancellationPoints { get; init; } = 1;

    /// <summary>Points for having a place and not coming.</summary>
    public int NoShowPoints { get; init; } = 2;

    /// <summary>Days until points are forgotten.</summary>
    public int LifeDays { get; init; } = 180;

    /// <summary>From so many points on, sign-ups open later for this person.</summary>
    public int DelayFrom { get; init; } = 3;

    /// <summary>By so many hours.</summary>
    public int DelayHours { get; init; } = 24;

    /// <summary>From so many points on, sign-ups stay closed for this person until points are forgotten.</summary>
    public int ClosedFrom { get; init; } = 6;

    public long Life => (long)TimeSpan.FromDays(LifeDays).TotalMilliseconds;

    public int WeightOf(ConductKind kind) => kind switch
    {
        ConductKind.LateCancellation => LateCancellationPoints,
        ConductKind.NoShow => NoShowPoints,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>How much later a sign-up opens for somebody with these points; null when it stays closed.</summary>
    public TimeSpan? DelayOf(int points) =>
        points >= ClosedFrom ? null
        : points >= DelayFrom ? TimeSpan.FromHours(DelayHours)
        : TimeSpan.Zero;

    /// <summary>What follows from not keeping a place, for people to read before they take one.</summary>
    public string InWords =>
        $"报名后请守约:过了取消截止时间才取消记 {LateCancellationPoints} 分,没有取消也没有到场签到记 {NoShowPoints} 分。记分 {LifeDays} 天内有效,累计 {DelayFrom} 分起报名开放时间顺延 {DelayHours} 小时,{ClosedFrom} 分起暂停报名。对记分有异议可以申诉。";

    public IEnumerable<string> Faults(bool production)
    {
        if (LateCancellationPoints < 1 || NoShowPoints < 1 || LifeDays < 1 || DelayHours < 1 || DelayFrom < 1 || ClosedFrom <= DelayFrom)
        {
            yield return "Conduct 的各项必须是正整数,且 ClosedFrom 大于 DelayFrom。";
        }
    }
}
