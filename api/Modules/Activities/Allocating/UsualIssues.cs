using System.Globalization;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// The issues (期号) of 福彩双色球: drawn every Tuesday, Thursday and Sunday at 21:15 China time and numbered from 001 each
/// year (双色球开奖公告). The Spring Festival leaves out a few evenings.
/// </summary>
internal static class UsualIssues
{
    public const string EveningSentence = "双色球每周二、四、日 21:15 开奖,公布时间请填写开奖当天的 21:15 或稍后。";

    private const int MostLeftOut = 12;
    private static readonly TimeSpan Hour = new(21, 15, 0);

    /// <summary>The evening of a draw, once it has taken place.</summary>
    public static bool IsEvening(DateTimeOffset instant) => InChina(instant) is var at && IsDay(at.DayOfWeek) && at.TimeOfDay >= Hour;

    /// <summary>
    /// Null when the issue may be the one of that evening, else a sentence that says which may. One whose number is so low
    /// that it was drawn long before would be known to whoever names it.
    /// </summary>
    /// <param name="issue">Seven digits.</param>
    public static string? Fault(string issue, DateTimeOffset knownAt)
    {
        var at = InChina(knownAt);
        var least = Math.Max(1, DaysUntil(at) - MostLeftOut);
        var isRight = Number(issue[..4]) == at.Year && Number(issue[4..]) >= least;
        return isRight ? null : $"{at:yyyy年M月d日}开奖的双色球期号应以 {at.Year} 开头,且不小于 {at.Year}{least:000},请核对后填写。";
    }

    /// <summary>How many evenings of draws the year has had, this one included.</summary>
    private static int DaysUntil(DateTime at) =>
        Enumerable.Range(0, at.DayOfYear).Count(before => IsDay(at.AddDays(-before).DayOfWeek));

    private static bool IsDay(DayOfWeek day) => day is DayOfWeek.Tuesday or DayOfWeek.Thursday or DayOfWeek.Sunday;

    /// <summary>Any instant that a person can write has a day here, also the last hours of the year 9999.</summary>
    private static DateTime InChina(DateTimeOffset instant) =>
        new(Math.Min(instant.UtcTicks + TimeSpan.FromHours(8).Ticks, DateTime.MaxValue.Ticks));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
