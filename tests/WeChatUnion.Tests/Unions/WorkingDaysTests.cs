using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Tests.Unions;

/// <summary>Around 国庆 2026: the 25th of September (中秋) and the first week of October off, a Sunday and a Saturday worked instead.</summary>
public sealed class WorkingDaysTests
{
    private static readonly WorkingDays Calendar = new(
        new HashSet<DateOnly>([Day("2026-09-25"), .. Enumerable.Range(1, 7).Select(d => new DateOnly(2026, 10, d))]),
        new HashSet<DateOnly>([Day("2026-09-20"), Day("2026-10-10")]));

    [Theory]
    [InlineData("2026-09-18", true)]
    [InlineData("2026-09-19", false)]
    [InlineData("2026-09-20", true)]
    [InlineData("2026-09-25", false)]
    [InlineData("2026-10-07", false)]
    [InlineData("2026-10-08", true)]
    [InlineData("2026-10-10", true)]
    [InlineData("2026-10-11", false)]
    public void Holidays_are_skipped_and_moved_weekends_count(string day, bool isWorkingDay) =>
        Assert.Equal(isWorkingDay, Calendar.IsWorkingDay(Day(day)));

    [Theory]
    [InlineData("2026-09-16", 10, "2026-09-30")]
    [InlineData("2026-09-16", 15, "2026-10-13")]
    [InlineData("2026-09-19", 1, "2026-09-20")]
    [InlineData("2026-10-01", 1, "2026-10-08")]
    [InlineData("2026-09-30", 5, "2026-10-13")]
    [InlineData("2026-09-30", 0, "2026-09-30")]
    public void The_start_does_not_count(string start, int count, string due) =>
        Assert.Equal(Day(due), Calendar.After(Day(start), count));

    [Theory]
    [InlineData("2026-09-16", "2026-10-13", 15)]
    [InlineData("2026-10-13", "2026-09-16", -15)]
    [InlineData("2026-10-01", "2026-10-07", 0)]
    [InlineData("2026-10-13", "2026-10-13", 0)]
    public void What_is_left_is_counted_both_ways(string today, string due, int left) =>
        Assert.Equal(left, Calendar.Until(Day(today), Day(due)));

    [Fact]
    public void A_year_without_a_table_counts_Monday_to_Friday() =>
        Assert.Equal(Day("2030-10-18"), Calendar.After(Day("2030-09-27"), 15));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
