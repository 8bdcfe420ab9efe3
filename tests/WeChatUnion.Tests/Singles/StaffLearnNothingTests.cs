using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Figures;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class StaffLearnNothingOnSqlite(SinglesOnSqlite house) : StaffLearnNothingTests(house), IClassFixture<SinglesOnSqlite>
{
    private protected override TestHouse NewCounty() => new SinglesOnSqlite();
}

public sealed class StaffLearnNothingOnMariaDb(SinglesOnMariaDb house) : StaffLearnNothingTests(house), IClassFixture<SinglesOnMariaDb>
{
    private protected override TestHouse NewCounty() => new SinglesOnMariaDb();
}

/// <summary>
/// Two evenings that differ in one choice of one side alone: every staff role asks every route that it may ask, and what it
/// hears is the same, answer by answer. A count, a list or a word that depended on the choice would differ.
/// </summary>
public abstract partial class StaffLearnNothingTests(TestHouse house)
{
    private protected abstract TestHouse NewCounty();

    [Fact]
    public async Task What_staff_hear_does_not_depend_on_a_choice_of_one_side()
    {
        var (with, without) = await BothAsync(Enum.GetValues<Role>(), plant: null);
        Assert.True(with.Count > 50, $"only {with.Count} answers were compared");
        Assert.Equal(with, without);
    }

    /// <summary>The control: a column that knew would be heard.</summary>
    [Fact]
    public async Task An_answer_that_depended_on_it_would_be_heard()
    {
        var (with, without) = await BothAsync(
            [Role.ActivityOrganiser],
            evening => house.Execute($"UPDATE ballot_rounds SET ballots = ballots + 1 WHERE activity_id = '{evening.Id}'"));
        Assert.NotEqual(with, without);
    }

    /// <summary>Lists and figures hold what was there before, so they are asked in two counties that are alike but for that choice.</summary>
    [Fact]
    public async Task Neither_do_lists_figures_and_logs()
    {
        var heard = new List<List<string>>();
        foreach (var choices in (string[][])[["女02"], []])
        {
            await using var county = NewCounty();
            await county.InitializeAsync();
            var evening = await Evening.BeginAsync(county, 3);
            await evening.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"]), ("男02", choices), ("女02", []));
            county.Clock.Advance(TimeSpan.FromDays(8));
            await county.Services.GetRequiredService<TallyEvenings>().RunAsync(CancellationToken.None);
            await county.Services.GetRequiredService<AskFollowUps>().RunAsync(CancellationToken.None);
            heard.Add(await ListsAsync(county));
        }

        Assert.True(heard[0].Count > 50, $"only {heard[0].Count} answers were compared");
        Assert.Equal(heard[0], heard[1]);
    }

    private static async Task<List<string>> ListsAsync(TestHouse county)
    {
        var heard = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            var staff = await county.Staff(role, "county");
            foreach (var route in (await RoutesAsync(role)).Where(r => !r.Contains('{', StringComparison.Ordinal)))
            {
                var answer = await staff.Get(route);
                heard.Add($"{role} {route} {(int)answer.Status} {Changing().Replace(answer.Text, "*")}");
            }
        }

        return heard;
    }

    private async Task<(List<string> With, List<string> Without)> BothAsync(IReadOnlyList<Role> roles, Func<Evening, Task>? plant)
    {
        var with = new List<string>();
        var without = new List<string>();
        foreach (var (heard, choices) in new[] { (with, "女02"), (without, "") })
        {
            var evening = await Evening.BeginAsync(house, 3);
            var (round, key) = await evening.OpenAsync();
            await evening.CastAsync(round, "男01", "女01");
            await evening.CastAsync(round, "女01", "男01");
            await evening.CastAsync(round, "男02", choices.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            await evening.CastAsync(round, "女02");
            await ListenAsync(evening, round, roles, heard);
            await evening.CloseAsync(round, key);
            if (plant is not null && heard == with)
            {
                await plant(evening);
            }

            await ListenAsync(evening, round, roles, heard);
        }

        return (with, without);
    }

    /// <summary>Every office route that reads, as every role that may; activities by this evening, people by the one who chose and the one who was chosen.</summary>
    private async Task ListenAsync(Evening evening, string round, IReadOnlyList<Role> roles, List<string> heard)
    {
        string[] people = [evening.Comers[2].PersonId, evening.Comers[3].PersonId];
        foreach (var role in roles)
        {
            var staff = await house.Staff(role, "county");
            foreach (var route in (await RoutesAsync(role)).Where(r => r.Contains('{', StringComparison.Ordinal)))
            {
                foreach (var id in (string[])[evening.Id, .. people])
                {
                    var path = RouteValue().Replace(route, m => m.Groups[1].Value == "roundId" ? round : id);
                    var answer = await staff.Get(path);
                    heard.Add($"{role} {route} {(int)answer.Status} {Changing().Replace(answer.Text, "*")}");
                }
            }
        }
    }

    /// <summary>Of the office, that read and that the role may ask.</summary>
    private static async Task<IEnumerable<string>> RoutesAsync(Role role)
    {
        var word = JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());
        return (await File.ReadAllLinesAsync(Path.Combine(Sources.Root, "tests", "WeChatUnion.Tests", "House", "routes.csv")))
            .Where(r => r.StartsWith("GET,/api/v1/office/", StringComparison.Ordinal))
            .Select(r => (Path: r[4..r.LastIndexOf(',')], Roles: r[(r.LastIndexOf(',') + 1)..].Split(' ')))
            .Where(r => r.Roles.Contains(word) || r.Roles.Contains("staff")).Select(r => r.Path);
    }

    [GeneratedRegex(@"\{(\w+)[^/]*\}")]
    private static partial Regex RouteValue();

    /// <summary>Ids, instants, traces, and codes that change with the minute differ from evening to evening.</summary>
    [GeneratedRegex("[0-9a-f]{32}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+]*|\"code\":\"[0-9A-Za-z_-]{40,}\"|\"memberNumber\":\"[0-9]+\"")]
    private static partial Regex Changing();
}
