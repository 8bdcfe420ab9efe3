using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class RushCrashOnSqlite(SqliteProcess house) : RushCrashTests(house), IClassFixture<SqliteProcess>;

public sealed class RushCrashOnMariaDb(MariaDbProcess house) : RushCrashTests(house), IClassFixture<MariaDbProcess>
{
    private readonly MariaDbProcess house = house;

    [Fact]
    public async Task Nobody_is_oversold_lost_or_doubled_when_the_database_server_is_killed_as_well()
    {
        var kills = 0;
        await MustBeWholeAsync(await RushAsync(() => kills++ % 2 == 0 ? house.Server.KillAndStartAsync() : house.Api.KillAndStartAsync()));
    }
}

/// <summary>
/// Many more people than places sign up at once while the program is killed again and again; each repeats her wish, with
/// its key, until she is answered. The control stands in <see cref="TwoNodesTests"/>: a process takes no bent statements.
/// </summary>
[Trait(Soak.Trait, "yes")]
public abstract class RushCrashTests(ProcessHouse house)
{
    private const int Places = 100;

    private static readonly int People = Soak.Size(inRun: 200, inSoak: 10_000);
    private static readonly int AtOnce = Soak.Size(inRun: 200, inSoak: 1_000);
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Nobody_is_oversold_lost_or_doubled_when_the_program_is_killed() =>
        await MustBeWholeAsync(await RushAsync(house.Api.KillAndStartAsync));

    private protected async Task<Rush> RushAsync(Func<Task> kill)
    {
        var people = await Crowd.JoinAsync(house.Database, People, TimeProvider.System.GetUtcNow());
        var activity = await Crowd.OpenAsync(house.Database, TimeProvider.System.GetUtcNow(), null, Crowd.Group(Places));
        using var http = house.Api.NewSlowHttp();
        var answers = new ConcurrentDictionary<string, Answer>();
        var left = new ConcurrentQueue<Comer>(people);
        var clients = Enumerable.Range(0, AtOnce).Select(_ => ClientAsync()).ToArray();
        for (var killed = 1; killed <= Kills; killed++)
        {
            var patience = Stopwatch.StartNew();
            while (answers.Count < People * killed / (Kills + 1) && patience.Elapsed < Patience && !clients.Any(c => c.IsFaulted))
            {
                await Task.Delay(1);
            }

            await kill();
        }

        await Task.WhenAll(clients);
        return new Rush(activity, answers);

        async Task ClientAsync()
        {
            while (left.TryDequeue(out var comer))
            {
                Assert.True(answers.TryAdd(comer.PersonId, await SignUpUntilAnsweredAsync(new Person(http, comer.Token), activity)));
            }
        }
    }

    private protected async Task MustBeWholeAsync(Rush rush)
    {
        var rows = await house.Texts(
            "SELECT CONCAT(number, ' ', person_id, ' ', id, ' ', state, ' ', COALESCE(line, 0)) FROM enrolments "
            + $"WHERE activity_id = '{rush.Activity}' ORDER BY number");
        var kept = rows.Select(r => r.Split(' ')).Select(r => (Number: Parse(r[0]), Person: r[1], Id: r[2], State: r[3], Line: Parse(r[4]))).ToList();

        // Nobody lost, nobody doubled, numbers given once and without gaps.
        Assert.Equal(rush.Answers.Keys.Order(), kept.Select(k => k.Person).Order());
        Assert.Equal(Enumerable.Range(1, People), kept.Select(k => k.Number));
        Assert.All(kept, k => Assert.Equal((k.Id, k.Number, k.State), Told(rush.Answers[k.Person])));

        // Nobody oversold, and the line has no gaps and keeps the order of the numbers.
        Assert.All(kept.Take(Places), k => Assert.Equal("enrolled", k.State));
        Assert.All(kept.Skip(Places), k => Assert.Equal("waiting", k.State));
        Assert.Equal(Enumerable.Range(1, People - Places), kept.Skip(Places).Select(k => k.Line));
        Assert.Equal([$"{Places} {People - Places} {People - Places}"], await house.Texts($"SELECT CONCAT(taken, ' ', waiting, ' ', last_line) FROM activity_groups WHERE activity_id = '{rush.Activity}'"));

        // What belongs to a sign-up was written with it, once.
        var ofActivity = $"(SELECT id FROM enrolments WHERE activity_id = '{rush.Activity}')";
        Assert.Equal(People, (await house.Texts($"SELECT id FROM audit_entries WHERE deed = 'enrol' AND record_id IN {ofActivity}")).Count);
        Assert.Equal(People, (await house.Texts($"SELECT made_id FROM idempotency_keys WHERE made_id IN {ofActivity}")).Distinct().Count());

        Assert.Equal(
            await house.Texts("SELECT COUNT(*) FROM enrolments"),
            await house.Texts("SELECT COUNT(*) FROM messages"));
    }

    private async Task<Answer> SignUpUntilAnsweredAsync(Person person, string activity)
    {
        var key = Guid.NewGuid().ToString("N");
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Patience)
        {
            try
            {
                var answer = await person.SignUp(activity, key: key);
                if (answer.Status == HttpStatusCode.OK)
                {
                    return answer;
                }

                house.Api.MustBeAway(answer);
            }
            catch (HttpRequestException)
            {
                // The program was killed before it answered.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("The program did not come back.");
    }

    private static (string Id, int Number, string State) Told(Answer answer) => (answer["id"], Parse(answer["number"]), answer["state"]);

    private static int Parse(string number) => int.Parse(number, CultureInfo.InvariantCulture);

    private protected sealed record Rush(string Activity, IReadOnlyDictionary<string, Answer> Answers);
}
