using System.Globalization;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

/// <summary>Who goes with whom: examples, and random evenings against a model that looks at everything again for each pair.</summary>
[Trait(Soak.Trait, "yes")]
public sealed class CountingTests
{
    private static readonly int Evenings = Soak.Size(inRun: 3_000, inSoak: 300_000);

    [Fact]
    public void Only_who_chose_each_other_is_told() =>
        Assert.Equal(["1-1 pair"], Count(["1: 1 2 @1", "2: 1 @2"], ["1: 1 @3", "2: @4"]));

    [Fact]
    public void The_smallest_sum_of_ranks_goes_first_and_the_rest_is_mutual_interest() =>
        Assert.Equal(["1-2 pair", "1-1 interest"], Count(["1: 2 1 @1"], ["1: 1 @1", "2: 1 @1"]));

    [Fact]
    public void Of_equal_ranks_the_pair_that_was_complete_earlier_goes_first() =>
        Assert.Equal(["2-1 pair", "1-1 interest"], Count(["1: 1 @9", "2: 2 1 @1"], ["1: 2 1 @2", "2: @3"]));

    [Fact]
    public void Of_equal_ranks_and_times_the_lower_number_of_the_man_then_of_the_woman_decides()
    {
        Assert.Equal(["1-1 pair", "2-1 interest"], Count(["1: 2 1 @5", "2: 1 @5"], ["1: 1 2 @5"]));
        Assert.Equal(["1-1 pair", "1-2 interest"], Count(["1: 1 2 @5"], ["1: 3 1 @5", "2: 1 @5"]));
    }

    [Fact]
    public void Who_blocked_each_other_have_not_chosen_each_other() =>
        Assert.Equal(["1-2 pair"], Count(["1: 1 2 @1"], ["1: 1 @1", "2: 1 @1"], (man, woman) => (man, woman) != (1, 1)));

    [Fact]
    public void Random_evenings_are_counted_as_by_the_model()
    {
        var random = new Random(20261129);
        for (var evening = 0; evening < Evenings; evening++)
        {
            var (men, women) = (Ballots(random, 6), Ballots(random, 6));
            var blocked = (random.Next(1, 7), random.Next(1, 7));
            var counted = Counting.Count(men, women, (man, woman) => (man, woman) != blocked);
            Assert.Equal(Model(men, women, blocked), counted);
            Assert.Equal(counted, Counting.Count(men.OrderBy(_ => random.Next()), women.OrderBy(_ => random.Next()), (man, woman) => (man, woman) != blocked));
        }
    }

    /// <summary>The control: a count that takes pairs in the order of the ballots is told apart from ours.</summary>
    [Fact]
    public void The_model_tells_a_count_that_ignores_ranks()
    {
        var random = new Random(20261129);
        var differs = 0;
        for (var evening = 0; evening < 200; evening++)
        {
            var (men, women) = (Ballots(random, 6), Ballots(random, 6));
            var flat = Counting.Count(men.Select(m => m with { Choices = [.. m.Choices.Order()] }), women, (_, _) => true);
            differs += flat.SequenceEqual(Model(men, women, (0, 0))) ? 0 : 1;
        }

        Assert.True(differs > 20);
    }

    /// <summary>Again and again: of all that are left the best by the rule, each compared with each other.</summary>
    private static List<Counting.Mutual> Model(IReadOnlyList<Counting.Ballot> men, IReadOnlyList<Counting.Ballot> women, (int Man, int Woman) blocked)
    {
        var left = new List<(int Man, int Woman, int Ranks, long Complete)>();
        foreach (var man in men)
        {
            foreach (var woman in women)
            {
                if ((man.Number, woman.Number) != blocked && man.Choices.Contains(woman.Number) && woman.Choices.Contains(man.Number))
                {
                    var ranks = man.Choices.ToList().IndexOf(woman.Number) + woman.Choices.ToList().IndexOf(man.Number);
                    left.Add((man.Number, woman.Number, ranks, man.HandedInAt > woman.HandedInAt ? man.HandedInAt : woman.HandedInAt));
                }
            }
        }

        var result = new List<Counting.Mutual>();
        while (left.Count > 0)
        {
            var best = left[0];
            foreach (var other in left)
            {
                if (IsBetter(other, best))
                {
                    best = other;
                }
            }

            left.Remove(best);
            var isPair = !result.Any(r => r.IsPair && (r.Man == best.Man || r.Woman == best.Woman));
            result.Add(new Counting.Mutual(best.Man, best.Woman, isPair));
        }

        return result;

        static bool IsBetter((int Man, int Woman, int Ranks, long Complete) one, (int Man, int Woman, int Ranks, long Complete) other) =>
            one.Ranks != other.Ranks ? one.Ranks < other.Ranks
            : one.Complete != other.Complete ? one.Complete < other.Complete
            : one.Man != other.Man ? one.Man < other.Man
            : one.Woman < other.Woman;
    }

    private static List<Counting.Ballot> Ballots(Random random, int people) =>
        [.. Enumerable.Range(1, people).Where(_ => random.Next(8) > 0)
            .Select(n => new Counting.Ballot(n, [.. Enumerable.Range(1, people).OrderBy(_ => random.Next()).Take(random.Next(4))], random.Next(5)))];

    /// <summary>Ballots as <c>number: choices @time</c>.</summary>
    private static string[] Count(string[] men, string[] women, Func<int, int, bool>? mayMeet = null) =>
        [.. Counting.Count(men.Select(Ballot), women.Select(Ballot), mayMeet ?? ((_, _) => true)).Select(m => $"{m.Man}-{m.Woman} {(m.IsPair ? "pair" : "interest")}")];

    private static Counting.Ballot Ballot(string text)
    {
        var parts = text.Split(':', '@');
        return new Counting.Ballot(
            Number(parts[0]), [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)], Number(parts[2]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
