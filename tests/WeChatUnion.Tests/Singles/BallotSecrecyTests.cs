using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using LinqToDB.Data;
using StackExchange.Redis;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class BallotSecrecyOnSqlite(SqliteProcess house) : BallotSecrecyTests(house), IClassFixture<SqliteProcess>
{
    private protected override Task<List<(string Place, byte[] Bytes)>> WrittenAsync() => Task.FromResult<List<(string, byte[])>>([.. Directory.EnumerateFiles(Process.Api.DataDirectory).Select(f => (f, ReadBeside(f)))]);

    private protected override string Tables => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
}

public sealed class BallotSecrecyOnMariaDb(MariaDbProcess house) : BallotSecrecyTests(house), IClassFixture<MariaDbProcess>
{
    private readonly MariaDbProcess house = house;

    private protected override async Task<List<(string Place, byte[] Bytes)>> WrittenAsync()
    {
        var all = house.Server.Files().Select(f => (Place: f, Bytes: Read(f))).ToList();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(house.Redis.Endpoint);
        foreach (var key in redis.GetServers().Single().Keys())
        {
            all.Add(("redis", Encoding.UTF8.GetBytes($"{key} {await redis.GetDatabase().StringGetAsync(key)}")));
        }

        return all;
    }

    private protected override string Tables => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";
}

/// <summary>
/// A choice that only one side made is found nowhere: not in the database's files, its logs, Redis, the program's log, the audit
/// log, an export or an answer, neither while the round is open nor after the count; and no row of any table knows both people.
/// </summary>
public abstract class BallotSecrecyTests(ProcessHouse house)
{
    /// <summary>A plate that nobody else's number looks like.</summary>
    private const int Unmistakable = 7321;

    private protected ProcessHouse Process => house;

    [Fact]
    public async Task A_choice_of_one_side_is_found_nowhere_and_neither_is_the_closing_key()
    {
        var party = await PartyAsync();
        var (round, key) = await party.OpenAsync();
        var one = $"女{Unmistakable}";
        (await party.CastAsync("男01", round, one)).MustBe(HttpStatusCode.OK);
        (await party.CastAsync("男02", round, one, "女01")).MustBe(HttpStatusCode.OK);
        (await party.CastAsync("男01", round, "女01", one)).MustBe(HttpStatusCode.OK);
        (await party.CastAsync("女01", round, "男01")).MustBe(HttpStatusCode.OK);
        (await party.CastAsync(one, round)).MustBe(HttpStatusCode.OK);

        // What goes wrong must not tell either.
        (await party.CastAsync("男02", round, one, one)).MustBe(HttpStatusCode.BadRequest);
        (await party.People["男02"].SendRaw(HttpMethod.Put, $"{party.Path}/ballot", $"{{\"roundId\":\"{round}\",\"choices\":[\"{one}\"")).MustBe(HttpStatusCode.BadRequest);
        (await party.CloseAsync(round, key + "00")).MustBe(HttpStatusCode.Conflict, "closing_key_wrong");
        var search = SearchFor(one, key);
        var found = await FindAsync(search, key);
        await MustKnowNobodyTogetherAsync(party, "男01", one);
        await MustKnowNobodyTogetherAsync(party, "男02", one);

        Assert.Equal("1", (await party.CloseAsync(round, key)).MustBe(HttpStatusCode.OK)["pairs"]);
        found.AddRange(await FindAsync(search, key));
        await MustKnowNobodyTogetherAsync(party, "男01", one);
        await MustKnowNobodyTogetherAsync(party, "男02", one);
        foreach (var (plate, person) in party.People)
        {
            var export = (await person.Get("/api/v1/me/export")).MustBe(HttpStatusCode.OK);
            found.AddRange(search.In($"export of {plate}", Encoding.UTF8.GetBytes(export.Text)).Select(f => f.ToString()));
            Assert.DoesNotContain(party.People.Keys.Where(p => p != plate), other => export.Text.Contains(party.Ids[other], StringComparison.Ordinal));
        }

        found.AddRange(search.In("log", Read(house.Api.LogFile)).Select(f => f.ToString()));
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>The control: one choice planted in the clear is found in the files, and a row that knows both people is found.</summary>
    [Fact]
    public async Task One_planted_choice_is_found()
    {
        var party = await Party.BeginAsync(house, 2);
        // Another number than the other test's: what is deleted stays in the files for a while.
        const string one = "女6543";
        await house.Execute("CREATE TABLE planted (id INT NOT NULL PRIMARY KEY, word VARCHAR(200) NOT NULL)");
        await house.Execute($"INSERT INTO planted (id, word) VALUES (1, '[\"{one}\"]')");
        Assert.NotEmpty(await FindAsync(SearchFor(one, "0000-1111-2222-3333"), "0000-1111-2222-3333"));
        await house.Execute($"INSERT INTO planted (id, word) VALUES (2, '{party.Ids["男01"]} {party.Ids["女02"]}')");
        Assert.Equal(["planted"], await TablesThatKnowAsync(party.Ids["男01"], party.Ids["女02"]));
        await house.Execute("DROP TABLE planted");
    }

    private protected abstract Task<List<(string Place, byte[] Bytes)>> WrittenAsync();

    private protected abstract string Tables { get; }

    /// <summary>In the words of a request, and the key in every writing.</summary>
    private static CanarySearch SearchFor(string plate, string key) => new(
    [
        new Canary("choice", $"\"{plate}\""),
        new Canary("closing key", key),
        new Canary("closing key", key.Replace("-", "", StringComparison.Ordinal)),
        new Canary("closing key", key.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()),
    ]);

    private async Task<List<string>> FindAsync(CanarySearch search, string key)
    {
        // As it is sealed, before it is: form, count, numbers.
        byte[] plain = [1, 1, Unmistakable >> 8, Unmistakable & 255, 0, 0, 0, 0];
        var keyBytes = Convert.FromHexString(key.Replace("-", "", StringComparison.Ordinal));
        var found = new List<string>();
        foreach (var (place, bytes) in await WrittenAsync())
        {
            found.AddRange(search.In(place, bytes).Select(f => f.ToString()));
            if (bytes.AsSpan().IndexOf(plain) >= 0 || bytes.AsSpan().IndexOf(keyBytes) >= 0)
            {
                found.Add($"{place}: bytes");
            }
        }

        return found;
    }

    private async Task MustKnowNobodyTogetherAsync(Party party, string one, string other) =>
        Assert.Empty(await TablesThatKnowAsync(party.Ids[one], party.Ids[other]));

    /// <summary>Tables with a row in which both ids stand, in whatever columns.</summary>
    private async Task<List<string>> TablesThatKnowAsync(string one, string other)
    {
        var knowing = new List<string>();
        foreach (var table in await house.Texts(Tables))
        {
            await using var db = house.Database.Open();
            var rows = await db.QueryToListAsync(row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)), $"SELECT * FROM {table}");
            if (rows.Exists(r => r.Contains(one, StringComparison.Ordinal) && r.Contains(other, StringComparison.Ordinal)))
            {
                knowing.Add(table);
            }
        }

        return knowing;
    }

    /// <summary>A file that somebody else writes to.</summary>
    private protected static byte[] Read(string file)
    {
        using var reading = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        reading.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>By another process: closing a database file of SQLite here would drop the locks that this process holds on it.</summary>
    internal static byte[] ReadBeside(string file)
    {
        using var reader = System.Diagnostics.Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        reader.StandardOutput.BaseStream.CopyTo(bytes);
        reader.WaitForExit();
        return bytes.ToArray();
    }

    private async Task<Party> PartyAsync()
    {
        var party = await Party.BeginAsync(house, 2);
        await house.Execute($"UPDATE plates SET number = {Unmistakable} WHERE activity_id = '{party.Id}' AND person_id = '{party.Ids["女02"]}'");
        party.Rename("女02", string.Create(CultureInfo.InvariantCulture, $"女{Unmistakable}"));
        return party;
    }
}
