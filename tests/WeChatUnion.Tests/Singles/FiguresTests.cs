using System.Net;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Figures;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class FiguresOnSqlite(SinglesOnSqlite house) : FiguresTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class FiguresOnMariaDb(SinglesOnMariaDb house) : FiguresTests(house), IClassFixture<SinglesOnMariaDb>;

/// <summary>Nobody learns from figures what few people did: not from one look, not from two, not as who looks from above and from below.</summary>
public abstract class FiguresTests(TestHouse house)
{
    private const string Figures = "/api/v1/office/singles-figures";

    /// <summary>Union → men, women.</summary>
    private static readonly (string Union, int Men, int Women)[] OneIsSmall = [("zhaipo", 10, 10), ("dazhaoying", 3, 6)];
    private static readonly (string Union, int Men, int Women)[] AllAreLarge = [("zhaipo", 10, 10), ("dazhaoying", 7, 6)];

    [Fact]
    public async Task What_is_left_of_the_county_without_a_union_is_never_few_people()
    {
        var year = ThisYear - 2;
        await HoldAsync(year, OneIsSmall);
        await CloseAsync();
        var (county, zhaipo, dazhaoying) = (await MenOf("county", year), await MenOf("zhaipo", year), await MenOf("dazhaoying", year));
        Assert.Equal(("13", "", ""), (county, zhaipo, dazhaoying));
        Assert.False(GiveAway(county, zhaipo) || GiveAway(county, dazhaoying));

        // The control: told to each by its own number alone, the difference is the men of the small evening.
        Assert.True(GiveAway("13", $"{SmallCounts.Alone(10)}"));

        var other = ThisYear - 3;
        await HoldAsync(other, AllAreLarge);
        await CloseAsync();
        Assert.Equal(("17", "10", "7"), (await MenOf("county", other), await MenOf("zhaipo", other), await MenOf("dazhaoying", other)));
    }

    [Fact]
    public async Task Two_looks_at_a_year_before_and_after_an_evening_or_a_change_tell_nothing_of_anybody()
    {
        // The running year: nothing but that there was another evening.
        await HoldAsync(ThisYear, [("zhaipo", 8, 8)]);
        await CloseAsync();
        var before = await SeenAsync("zhaipo", ThisYear);
        await HoldAsync(ThisYear, [("zhaipo", 1, 7)]);
        await CloseAsync();
        var after = await SeenAsync("zhaipo", ThisYear);
        Assert.Equal(before["evenings"], $"{int.Parse(after["evenings"]!, null) - 1}");
        Assert.Equal(WithoutEvenings(before), WithoutEvenings(after));
        Assert.Equal(("", ""), (Men(after), after["closedAt"]));

        // A closed one stays as it is, whatever becomes of what was counted.
        var closed = ThisYear - 4;
        await HoldAsync(closed, [("zhaipo", 8, 8)]);
        await CloseAsync();
        var once = await SeenAsync("zhaipo", closed);
        await house.Execute($"UPDATE singles_tallies SET men_signed_up = 7 WHERE year = {closed}");
        await CloseAsync();
        Assert.Equal(once.Text, (await SeenAsync("zhaipo", closed)).Text);
        Assert.False(GiveAway(Men(once), await MenOf("zhaipo", closed)));

        // The control: were they reckoned anew at each look, he who left would be seen.
        await house.Execute($"DELETE FROM singles_figures WHERE year = {closed}");
        await CloseAsync();
        Assert.True(GiveAway(Men(once), await MenOf("zhaipo", closed)));
    }

    [Fact]
    public async Task A_year_is_closed_a_week_after_its_end_and_when_all_its_evenings_are_over()
    {
        var year = ThisYear - 5;
        await HoldAsync(year, AllAreLarge);
        var end = Instants(year + 1);
        await RunAsync(end + (7 * Day) - 1);
        Assert.Equal("", await MenOf("county", year));
        await house.Execute($"UPDATE activities SET ends_at = {end + (9 * Day)} WHERE id IN (SELECT activity_id FROM singles_tallies WHERE year = {year})");
        await RunAsync(end + (9 * Day) - 1);
        Assert.Equal("", await MenOf("county", year));
        await RunAsync(end + (9 * Day));
        Assert.Equal("17", await MenOf("county", year));
    }

    private const long Day = 86_400_000;

    private int ThisYear => house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Year;

    private static long Instants(int year) => new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    /// <summary>Whether the difference of two told counts is of so few that it speaks of them.</summary>
    private static bool GiveAway(string? one, string? other) =>
        int.TryParse(one, out var first) && int.TryParse(other, out var second) && Math.Abs(first - second) is > 0 and < SmallCounts.Least;

    private static string? Men(Answer seen) => seen.Body.GetProperty("signedUp").Text("men");

    private static string WithoutEvenings(Answer seen) => seen.Text.Replace($"\"evenings\":{seen["evenings"]}", "", StringComparison.Ordinal);

    private async Task<Answer> SeenAsync(string union, int year) =>
        (await (await house.Staff(Role.ActivityOrganiser, union)).Get($"{Figures}?year={year}")).MustBe(HttpStatusCode.OK);

    private async Task<string?> MenOf(string union, int year) => Men(await SeenAsync(union, year));

    private Task CloseAsync() => RunAsync(house.Clock.GetUtcNow().ToUnixTimeMilliseconds());

    private Task RunAsync(long now) => house.Database.TransactAsync(db => CloseYears.RunAsync(db, now, CancellationToken.None), CancellationToken.None);

    /// <summary>Evenings of that year, as they are tallied when they are over.</summary>
    private async Task HoldAsync(int year, (string Union, int Men, int Women)[] evenings)
    {
        foreach (var (union, men, women) in evenings)
        {
            var unionId = await house.UnionId(union);
            var id = await Crowd.OpenAsync(
                house.Database,
                DateTimeOffset.FromUnixTimeMilliseconds(Instants(year)),
                a => a with { Kind = ActivityKind.Singles, UnionId = unionId },
                Crowd.Group(100));
            await house.Database.TransactAsync(
                db => db.InsertAsync(new TallyRow
                {
                    ActivityId = id,
                    Year = year,
                    MenSignedUp = men,
                    WomenSignedUp = women,
                    MenCame = men,
                    WomenCame = women,
                    Pairs = 0,
                    WeekTogether = 0,
                    WeekParted = 0,
                    WeekMarried = 0,
                    MonthTogether = 0,
                    MonthParted = 0,
                    MonthMarried = 0,
                    HalfYearTogether = 0,
                    HalfYearParted = 0,
                    HalfYearMarried = 0,
                    CountedAt = 0,
                }),
                CancellationToken.None);
        }
    }
}

/// <summary>The rule itself, against everything that could be subtracted.</summary>
public sealed class ToldCountsTests
{
    [Fact]
    public void No_difference_of_what_unions_are_told_is_of_few_people()
    {
        var (told, leaks) = Try(ToldCounts.Of);
        Assert.Equal(0, leaks);
        Assert.True(told > 2000, $"only {told} unions were told anything");
    }

    /// <summary>The control: hiding what is small in each union by itself does not do.</summary>
    [Fact]
    public void Hiding_small_counts_union_by_union_is_seen_to_leak() => Assert.True(
        Try((parents, held) => Below(parents, held).ToDictionary(u => u.Key, u =>
        {
            var (cells, sum) = SmallCounts.InSum(Total(u.Value.Select(h => held[h])));
            return new ToldCounts.Told(cells, sum);
        })).Leaks > 0);

    [Fact]
    public void Where_all_is_too_little_the_top_alone_is_told_and_hides_it()
    {
        var told = ToldCounts.Of(new Dictionary<string, string?> { ["county"] = null, ["town"] = "county" }, new Dictionary<string, int[]> { ["town"] = [3, 4] });
        Assert.Equal(["county"], told.Keys);
        Assert.Equal([null, null], told["county"].Cells);
        Assert.Equal(7, told["county"].Sum);
    }

    private static (int Told, int Leaks) Try(Func<IReadOnlyDictionary<string, string?>, IReadOnlyDictionary<string, int[]>, Dictionary<string, ToldCounts.Told>> rule)
    {
        var random = new Random(11);
        var (count, leaks) = (0, 0);
        for (var run = 0; run < 1500; run++)
        {
            var size = random.Next(1, 8);
            var parents = Enumerable.Range(0, size).ToDictionary(i => $"u{i}", i => i == 0 || random.Next(12) == 0 ? null : $"u{random.Next(i)}");
            var cells = random.Next(1, 4);
            var held = parents.Keys.Where(_ => random.Next(3) > 0).ToDictionary(u => u, _ => Enumerable.Range(0, cells).Select(_ => random.Next(14)).ToArray());
            if (held.Count == 0)
            {
                continue;
            }

            var told = rule(parents, held);
            count += told.Count;
            leaks += Leaks(Below(parents, held), held, told);
        }

        return (count, leaks);
    }

    /// <summary>Each union's count without those of any unions below it that do not overlap: what is left are evenings, and few people.</summary>
    private static int Leaks(Dictionary<string, HashSet<string>> below, Dictionary<string, int[]> held, Dictionary<string, ToldCounts.Told> told)
    {
        var leaks = 0;
        var names = told.Keys.Order(StringComparer.Ordinal).ToList();
        foreach (var union in names)
        {
            var others = names.Where(o => o != union && below[o].IsProperSubsetOf(below[union])).ToList();
            for (var chosen = 0; chosen < 1 << others.Count; chosen++)
            {
                var taken = others.Where((_, i) => (chosen & (1 << i)) != 0).ToList();
                var left = below[union].ToHashSet();
                var overlap = taken.Exists(t => !left.IsSupersetOf(below[t]) || !TakeAll(left, below[t]));
                if (overlap || left.Count == 0)
                {
                    continue;
                }

                for (var cell = 0; cell < held[left.First()].Length; cell++)
                {
                    if (told[union].Cells[cell] is { } whole && taken.TrueForAll(t => told[t].Cells[cell] is not null))
                    {
                        leaks += whole - taken.Sum(t => told[t].Cells[cell]!.Value) < SmallCounts.Least ? 1 : 0;
                    }
                }
            }
        }

        return leaks;
    }

    private static bool TakeAll(HashSet<string> from, HashSet<string> what)
    {
        from.ExceptWith(what);
        return true;
    }

    /// <summary>Union → those at or below it that held evenings.</summary>
    private static Dictionary<string, HashSet<string>> Below(IReadOnlyDictionary<string, string?> parents, IReadOnlyDictionary<string, int[]> held)
    {
        var below = new Dictionary<string, HashSet<string>>();
        foreach (var holder in held.Keys)
        {
            for (var union = holder; union is not null; union = parents[union])
            {
                (below.TryGetValue(union, out var there) ? there : below[union] = []).Add(holder);
            }
        }

        return below;
    }

    private static int[] Total(IEnumerable<int[]> counts) => counts.Aggregate((one, other) => [.. one.Zip(other, (a, b) => a + b)]);
}
