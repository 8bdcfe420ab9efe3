using System.Globalization;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.Privacy;

/// <summary>No published count is below five, and none that is hidden can be reckoned from what is shown.</summary>
public sealed class SmallCountsTests
{
    [Theory]
    [InlineData("5 6", "5 6 = 11")]
    [InlineData("20 3", "? ? = 23")]
    [InlineData("20 4 4", "20 ? ? = 28")]
    [InlineData("20 1 3", "? ? ? = 24")]
    [InlineData("20 9 3", "20 ? ? = 32")]
    [InlineData("20 0 0", "? ? ? = 20")]
    [InlineData("2 2", "? ? = ?")]
    [InlineData("0 0 0", "? ? ? = ?")]
    public void Small_counts_are_hidden_and_what_would_give_them_away(string counts, string shown)
    {
        var (cells, sum) = SmallCounts.InSum([.. counts.Split(' ').Select(c => int.Parse(c, CultureInfo.InvariantCulture))]);
        Assert.Equal(shown, $"{string.Join(' ', cells.Select(Text))} = {Text(sum)}");
    }

    [Fact]
    public void Nobody_reckons_a_small_count_from_what_is_shown()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var counts = Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(0, 12)).ToArray();
            var (cells, sum) = SmallCounts.InSum(counts);
            var hidden = Enumerable.Range(0, counts.Length).Where(k => cells[k] is null).ToList();
            Assert.All(cells, c => Assert.True(c is null or >= SmallCounts.Least));
            Assert.True(sum is null || hidden.Count == 0 || (hidden.Count > 1 && hidden.Sum(k => counts[k]) >= SmallCounts.Least));
        }
    }

    private static string Text(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
