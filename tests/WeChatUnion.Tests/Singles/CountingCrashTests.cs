using System.Net;
using LinqToDB.Data;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class CountingCrashOnSqlite(SqliteProcess house) : CountingCrashTests(house), IClassFixture<SqliteProcess>;

public sealed class CountingCrashOnMariaDb(SharedMariaDbProcess house) : CountingCrashTests(house), IClassFixture<SharedMariaDbProcess>
{
    private readonly SharedMariaDbProcess house = house;

    /// <summary>The ballots are counted and the results written, when the deletion of the ballots has to wait and the program is killed.</summary>
    [Fact]
    public async Task A_program_killed_between_counting_and_commit_leaves_the_round_open_and_whole()
    {
        var party = await Party.BeginAsync(house, 2);
        var (round, key) = await party.OpenAsync();
        await CastAllAsync(party, round);
        await using (var db = house.Database.Open())
        {
            await using var held = await db.BeginTransactionAsync();
            await db.QueryToListAsync<string>($"SELECT id FROM ballots WHERE round_id = '{round}' FOR UPDATE");
            var closing = party.CloseAsync(round, key);
            while (await CountWaitingAsync() == 0)
            {
                Assert.False(closing.IsCompleted, closing.IsCompleted ? (await closing).Text : "");
                await Task.Delay(20);
            }

            await house.Api.KillAndStartAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => closing);
        }

        Assert.Equal("open 4 0", await party.StateAsync(round));
        Assert.Equal("2", (await party.CloseAsync(round, key)).MustBe(HttpStatusCode.OK)["pairs"]);
        Assert.Equal("counted 0 2", await party.StateAsync(round));
    }

    /// <summary>The program's deletion of the ballots is under way; with the rows held it gets no further.</summary>
    private async Task<long> CountWaitingAsync()
    {
        await using var db = house.Database.Open();
        return (await db.QueryToListAsync<long>("SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'DELETE%ballots%'"))[0];
    }
}

/// <summary>The program is killed while it counts: the round is open with every ballot, or counted with every result, nothing between.</summary>
[Trait(Soak.Trait, "yes")]
public abstract class CountingCrashTests(ProcessHouse house)
{
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 60);

    [Fact]
    public async Task A_round_is_counted_once_however_often_the_program_is_killed()
    {
        var random = new Random(8);
        for (var kill = 0; kill < Kills; kill++)
        {
            var party = await Party.BeginAsync(house, 2);
            var (round, key) = await party.OpenAsync();
            await CastAllAsync(party, round);
            var closing = party.CloseAsync(round, key);
            await Task.Delay(random.Next(0, 25));
            await house.Api.KillAndStartAsync();
            var state = await party.StateAsync(round);
            Assert.True(state is "open 4 0" or "counted 0 2", state);
            try
            {
                Assert.Equal("counted", (await closing).MustBe(HttpStatusCode.OK)["state"]);
                Assert.Equal("counted 0 2", state);
            }
            catch (HttpRequestException)
            {
                // Killed before it answered: the host closes once more.
            }

            Assert.Equal("2", (await party.CloseAsync(round, key)).MustBe(HttpStatusCode.OK)["pairs"]);
            Assert.Equal("counted 0 2", await party.StateAsync(round));
        }
    }

    private protected static async Task CastAllAsync(Party party, string round)
    {
        foreach (var (plate, choice) in new[] { ("男01", "女01"), ("女01", "男01"), ("男02", "女02"), ("女02", "男02") })
        {
            (await party.CastAsync(plate, round, choice)).MustBe(HttpStatusCode.OK);
        }
    }
}
