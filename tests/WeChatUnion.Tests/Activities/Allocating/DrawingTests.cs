using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Tests.Activities.Allocating;

/// <summary>The rule of the draw by itself; the fixed values were reckoned with another program.</summary>
public sealed class DrawingTests
{
    private const string Value = "05 12 18 22 27 31+09";
    private const string Activity = "0123456789abcdef0123456789abcdef";

    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly string Men = new('a', 32);
    private static readonly string Women = new('b', 32);
    private static readonly HashSet<int> Nobody = [];

    private static readonly DrawList List = new(
        Activity,
        [
            new DrawGroup(Men, 4, [new(1, 1), new(2, 2), new(4, 1), new(300, 1), new(70000, 3)]),
            new DrawGroup(Women, 1, [new(3, 1), new(5, 1)]),
        ]);

    [Fact]
    public void The_commitment_is_the_hash_of_the_secret() =>
        Assert.Equal("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd", Drawing.Commitment(Secret));

    [Theory]
    [InlineData(1, "f7174b714f573467c65ffd6b6d9bded7cddd4f4b03ae04567c32077bd9ee7fcb")]
    [InlineData(300, "ebcefe610194daeb584913a358c7117442e0593b3a789e0cca054b4a23c967e2")]
    [InlineData(70000, "73fd15888f682137c098f9bb19354eb6571dc5fff029186173aa5c29e14c9718")]
    public void A_score_hangs_on_secret_value_activity_and_number_alone(int number, string score) =>
        Assert.Equal(score, Drawing.Score(Secret, Value, Activity, number));

    [Fact]
    public void The_list_is_one_text_and_its_hash_is_fixed()
    {
        Assert.StartsWith($"draw-list 1\nactivity {Activity}\ngroup {Men} 4\n1 1\n2 2\n4 1\n", List.Content(), StringComparison.Ordinal);
        Assert.Equal("f7c81edee0e522cee47e84870d9d6ae8c2adb01164655262b1363a9d77c4cbe4", Drawing.HashOf(List.Content()));
        Assert.Equal(List.Content(), DrawList.Parse(List.Content()).Content());
        Assert.Equal("draw-list 1\nactivity x\n", DrawList.Parse("draw-list 1\nactivity x\n").Content());
    }

    [Fact]
    public void The_lowest_scores_win_and_nobody_is_passed_over_for_being_more()
    {
        // In order: 4, 2 (two places), 70000 (three places), 300, 1.
        Assert.Equal([4, 2], Men4([]).Winners);
        Assert.Equal([70000, 300, 1], Men4([]).Line);
        Assert.Equal([2], Men4([4]).Winners);
        Assert.Equal([4, 70000, 300], Men4([2]).Winners.Concat(Men4([2]).Line).Take(3));
    }

    [Fact]
    public void Whoever_withdraws_changes_nobody_elses_place_in_the_order()
    {
        int[] whole = [.. Men4([]).Winners, .. Men4([]).Line];
        foreach (var gone in whole)
        {
            Assert.Equal(whole.Where(n => n != gone), Men4([gone]).Winners.Concat(Men4([gone]).Line));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 3)]
    [InlineData(8, 5)]
    [InlineData(99, 5)]
    public void As_many_win_as_there_are_places_for(int places, int winners) =>
        Assert.Equal(winners, Drawing.Draw(List, Secret, Value, Nobody, Places(places)).Groups[0].Winners.Count);

    [Fact]
    public void Every_number_gets_the_first_place_about_as_often_as_any_other()
    {
        var list = new DrawList(Activity, [new DrawGroup(Men, 1, [.. Enumerable.Range(1, 10).Select(n => new DrawEntry(n, 1))])]);
        var first = Enumerable.Range(0, 2000)
            .Select(i => Drawing.Draw(list, Secret, $"value {i}", Nobody, Places(1)).Groups[0].Winners[0])
            .CountBy(n => n).ToDictionary(c => c.Key, c => c.Value);
        Assert.Equal(10, first.Count);
        Assert.All(first.Values, c => Assert.InRange(c, 130, 270));
    }

    [Theory]
    [InlineData("福彩双色球", "05 12 18 22 27 31+09", true)]
    [InlineData("福彩双色球", "01 02 03 04 05 33+16", true)]
    [InlineData("福彩双色球", "12 05 18 22 27 31+09", false)]
    [InlineData("福彩双色球", "05 05 18 22 27 31+09", false)]
    [InlineData("福彩双色球", "05 12 18 22 27 34+09", false)]
    [InlineData("福彩双色球", "05 12 18 22 27 31+17", false)]
    [InlineData("福彩双色球", "05 12 18 22 27 31+00", false)]
    [InlineData("福彩双色球", "05 12 18 22 27 31 09", false)]
    [InlineData("福彩双色球", "5 12 18 22 27 31+9", false)]
    [InlineData("福彩双色球", "05 12 18 22 27 31+09\n", false)]
    [InlineData("上证指数收盘", "3421 15", true)]
    [InlineData("上证指数收盘", "3421  15", false)]
    [InlineData("上证指数收盘", "3421.15", false)]
    public void A_public_value_is_written_in_one_way_only(string source, string value, bool isRight) =>
        Assert.Equal(isRight, DrawValueForm.Fault(source, value) is null);

    private static GroupOutcome Men4(HashSet<int> withdrawn) => Drawing.Draw(List, Secret, Value, withdrawn, Places(4)).Groups[0];

    private static Dictionary<string, int> Places(int men) => new() { [Men] = men, [Women] = 1 };
}
