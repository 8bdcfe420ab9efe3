using System.Globalization;
using System.Net;
using System.Text;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Messages.Reminders;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class UnlinkedOnSqlite(SqliteHouse house) : UnlinkedTests(house), IClassFixture<SqliteHouse>
{
    private readonly SqliteHouse house = house;

    /// <summary>SQLite numbers the rows of a plain table as they come; beside an instant in another table that joins the two.</summary>
    [Fact]
    public async Task No_table_of_talks_keeps_the_order_in_which_its_rows_came()
    {
        foreach (var table in Secret)
        {
            Assert.EndsWith("WITHOUT ROWID", await house.Text($"SELECT sql FROM sqlite_master WHERE name = '{table}'"), StringComparison.Ordinal);
        }

        // The control: a table that does.
        Assert.DoesNotContain("WITHOUT ROWID", await house.Text("SELECT sql FROM sqlite_master WHERE name = 'messages'"), StringComparison.Ordinal);
    }

    /// <summary>Database file and write-ahead log as they lie there, and a backup.</summary>
    protected override async Task<byte[]> Written()
    {
        using var bytes = new MemoryStream();
        var backup = Path.Combine(house.Folder, "backup-" + Guid.NewGuid().ToString("N"));
        var command = house.Services.GetServices<ICommand>().Single(c => c.Name == "backup");
        Assert.Equal(0, await command.RunAsync([backup], TextWriter.Null, CancellationToken.None));
        foreach (var file in Directory.EnumerateFiles(house.Folder, "union.db*").Append(backup))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await stream.CopyToAsync(bytes);
        }

        return bytes.ToArray();
    }
}

public sealed class UnlinkedOnMariaDb(MariaDbHouse house) : UnlinkedTests(house), IClassFixture<MariaDbHouse>
{
    private readonly MariaDbHouse house = house;

    /// <summary>A dump, and all of Redis.</summary>
    protected override async Task<byte[]> Written()
    {
        using var bytes = new MemoryStream();
        bytes.Write(await (await MariaDbServer.SharedAsync()).DumpAsync(await house.Text("SELECT DATABASE()")));
        await using var redis = await ConnectionMultiplexer.ConnectAsync((await RedisServer.SharedAsync()).Endpoint);
        var server = redis.GetServers().Single();
        for (var number = 0; number < server.DatabaseCount; number++)
        {
            foreach (var key in server.Keys(number))
            {
                bytes.Write(Encoding.UTF8.GetBytes($"{key} {await redis.GetDatabase(number).StringGetAsync(key)}"));
            }
        }

        return bytes.ToArray();
    }
}

/// <summary>
/// Somebody has the whole database and none of the keys. He follows every value that two rows share, and every two
/// instants and time-ordered ids that lie close together, from a person as far as it goes; he must not arrive at a talk
/// or at what was said.
/// </summary>
public abstract class UnlinkedTests(TestHouse house)
{
    /// <summary>Deeds of one request lie closer together than this.</summary>
    private const long CloseTogether = 5_000;

    /// <summary>Reminders come so many hours before what they remind of: he tries these distances too.</summary>
    private static readonly long[] Leads = [0, 2 * 3_600_000, 24 * 3_600_000];

    private static readonly int[] Mild = [1, 1, 1, 1, 1, 1, 1];
    private protected static readonly string[] Secret = ["appointments", "appointment_steps", "appointment_cells", "case_notes", "scale_results", "counselling_clients", "counselling_wishes", "counselling_extensions", "counselling_notices"];

    /// <summary>Everybody's rows: sharing a value of theirs joins nobody to anybody.</summary>
    private static readonly string[] Common =
    [
        "unions", "union_ancestors", "divisions", "calendar_days", "consent_texts", "counsellors", "counsellor_windows", "counsellor_exceptions",
        "counselling_rooms", "staff_accounts", "grants", "schema_migrations", "periodic_runs", "seals", "audit_seals", "audit_days", "key_rotations",
    ];

    protected abstract Task<byte[]> Written();

    [Fact]
    public async Task From_a_person_no_value_and_no_instant_leads_to_a_talk_or_a_note()
    {
        var (client, personId, _) = await LiveAsync();
        Assert.NotNull(client);
        var reached = await FollowAsync(personId);
        Assert.True(reached.Count >= 3, "The attack did not even find what is hers.");
        Assert.True(!reached.Any(r => Secret.Contains(r.Table)), string.Join("\n", reached.Where(r => Secret.Contains(r.Table)).Select(r => r.ToString()).Take(3)));
    }

    /// <summary>Control: one row as other modules write it, or one a day to the second before the talk, and the attack arrives.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_row_that_names_person_and_appointment_or_its_time_is_enough_for_the_attack(bool byId)
    {
        var (_, personId, appointment) = await LiveAsync();
        var startsAt = await house.Number($"SELECT starts_at FROM appointments WHERE id = '{appointment}'");
        await house.Execute(
            $"INSERT INTO look_allowances (person_id, kind, window_from, used) VALUES ('{personId}', '{(byId ? appointment : "planted")}', {(byId ? 0 : startsAt - Leads[^1])}, 1)");
        var reached = await FollowAsync(personId);
        await house.Execute($"DELETE FROM look_allowances WHERE kind IN ('{appointment}', 'planted')");
        Assert.Contains(reached, r => r.Table == "appointments");
    }

    /// <summary>A counsellor's deed is audited with its instant and her name; a message at that instant would tell to whom she did it.</summary>
    [Fact]
    public async Task No_message_to_a_client_stands_at_the_instant_of_a_deed_of_the_staff()
    {
        var (counsellor, other, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());

        // At a round that lies a reminder's distance from no talk.
        house.Clock.Advance(house.In(1, "16:20") - house.Clock.GetUtcNow());
        await house.Services.GetRequiredService<TellClients>().RunAsync(CancellationToken.None);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        counsellor = await house.SignIn(counsellor);
        var since = house.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var id = await client.Book(counsellor.Id, house.In(3, "11:00"));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/reassignment", new { counsellorId = other.Id, version = 2, reason = "外出培训" })).MustBe(HttpStatusCode.NoContent);
        other = await house.SignIn(other);
        (await other.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 3, reason = "临时有事" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(0, await Together());

        // A second round tells nothing twice; that it was moved holds no more by then.
        await house.TellClients();
        await house.TellClients();
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'service' AND created_at >= {since}"));
        Assert.Equal(0, await Together());

        // The control: what is written with the deed is found.
        await house.Execute($"UPDATE messages SET created_at = (SELECT MAX(at) FROM audit_entries WHERE deed = 'cancel_talk') WHERE kind = 'service' AND created_at >= {since}");
        Assert.Equal(1, await Together());

        Task<long> Together() => house.Number(
            $"SELECT COUNT(*) FROM messages m WHERE m.kind = 'service' AND m.created_at >= {since - CloseTogether} AND EXISTS (SELECT 1 FROM audit_entries a WHERE a.session_kind = 'staff' AND ABS(a.at - m.created_at) <= {CloseTogether})");
    }

    /// <summary>The state of a talk stands plain, and on one day there may be one that ended so: whose points bear that day was there.</summary>
    [Fact]
    public async Task Points_for_a_talk_count_and_stand_in_no_row_that_names_her_until_she_appeals()
    {
        const string Points = "/api/v1/me/conduct-points";
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var missed = house.In(2, "11:00");
        var id = await client.Book(counsellor.Id, missed);
        house.Clock.Advance(missed.AddMinutes(31) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/no-show", new { version = 2 })).MustBe(HttpStatusCode.OK);
        var personId = await client.PersonId();
        var day = house.In(0, "00:00").ToUnixTimeMilliseconds();

        var point = Assert.Single((await client.Get(Points)).Items);
        Assert.Equal(("2", "True"), (point.Text("weight"), point.Text("isLiving")));
        Assert.Empty(await OfThatDay());

        // What the county decides about it has to see. Twenty at once are one.
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Post($"{Points}/{point.Text("id")}/appeals", new { reason = "我当天住院,有证明" })));
        var appeal = Assert.Single(made, a => a.Status == HttpStatusCode.Created)["id"];
        Assert.All(made.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "appeal_open"));
        Assert.Equal(("2", "open"), ((await client.Get(Points))["total"], Assert.Single((await client.Get(Points)).Items).Text("appeal")));
        Assert.NotEmpty(await OfThatDay());
        (await (await house.Staff(Api.Modules.Identity.Role.UnionChair, "county")).Post($"/api/v1/office/conduct-appeals/{appeal}/decision", new { isAccepted = true, reason = "属实" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("0", (await client.Get(Points))["total"]);

        async Task<List<Row>> OfThatDay() =>
            [.. (await RowsAsync()).Where(r => r.Texts.Contains(personId) && r.Numbers.Contains(day))];
    }

    [Fact]
    public async Task What_was_said_and_the_alias_are_found_nowhere_in_the_database_nor_in_the_log()
    {
        await LiveAsync();
        var search = new CanarySearch(
        [
            new Canary("alias", "化名龘靐"), new Canary("note", "记录里说到车间犇骉的事"), new Canary("reason", "取消理由焱焱焱"), new Canary("number", "13900077001"),
            new Canary("contact", "紧急联系人龖"), new Canary("extension", "再谈两次的理由麤"),
        ]);
        Assert.Empty(search.In("database", await Written()));
        Assert.Empty(search.In("log", Encoding.UTF8.GetBytes(string.Join('\n', house.Log))));
        await house.Execute("CREATE TABLE planted (word VARCHAR(100) NOT NULL)");
        await house.Execute("INSERT INTO planted (word) VALUES ('记录里说到车间犇骉的事')");
        Assert.NotEmpty(search.In("database", await Written()));
        await house.Execute("DROP TABLE planted");
    }

    [Fact]
    public async Task The_log_keeps_back_who_called()
    {
        var (_, personId, _) = await LiveAsync();
        Assert.DoesNotContain(house.Log, l => l.Contains(personId, StringComparison.Ordinal) && l.Contains("appointments", StringComparison.Ordinal));
        Assert.Contains(house.Log, l => l.Contains("/appointments", StringComparison.Ordinal) && l.Contains("(kept back)", StringComparison.Ordinal));
    }

    /// <summary>All that a client and her counsellor do.</summary>
    private async Task<(Person Client, string PersonId, string Appointment)> LiveAsync()
    {
        var counsellor = await house.Counsellor();
        var session = (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created);
        var client = new Person(house.NewHttp(), session["token"]);
        await client.Agree();
        var at = house.In(2, "09:00");
        var first = await client.Book(counsellor.Id, house.In(3, "11:00"), "phone", "化名龘靐", "13900077001");
        (await client.Post($"{Practice.Appointments}/{first}/cancellation", new { reason = "取消理由焱焱焱" })).MustBe(HttpStatusCode.OK);
        var id = await client.Book(counsellor.Id, house.In(4, "11:00"), alias: "化名龘靐");
        (await client.PutWithKey($"{Practice.Appointments}/{id}/time", new { startsAt = at })).MustBe(HttpStatusCode.OK);
        (await client.Put("/api/v1/me/intake-form", new { form = new { contact = new { name = "紧急联系人龖", relation = "姐姐", phone = "13900077003" } } })).MustBe(HttpStatusCode.OK);
        (await client.Post("/api/v1/me/scale-results", new { scale = "gad7", answers = Mild })).MustBe(HttpStatusCode.Created);
        // No talk of anybody lies a reminder's distance from a round: what he arrives at is then not by chance.
        foreach (var round in new[] { at.AddHours(-25), at.AddHours(-13) })
        {
            house.Clock.Advance(round - house.Clock.GetUtcNow());
            await ActivatorUtilities.CreateInstance<SendReminders>(house.Services).RunAsync(CancellationToken.None);
        }

        Assert.Equal(2, (await client.Get("/api/v1/me/messages")).Items.Length);
        house.Clock.Advance(at - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/note", new { version = 0, text = "记录里说到车间犇骉的事" })).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Get($"/api/v1/office/talks/{id}/history")).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Get($"/api/v1/office/talks/{id}/intake-form")).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/completion", new { version = 3 })).MustBe(HttpStatusCode.OK);

        // Not in the moment in which the talk began: that would be by chance.
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/extension-requests", new { reason = "再谈两次的理由麤" })).MustBe(HttpStatusCode.NoContent);
        var supervisor = await house.Supervisor();
        var asked = (await supervisor.Get("/api/v1/office/counselling-extensions")).MustBe(HttpStatusCode.OK).Items[^1].Text("id");
        (await supervisor.Post($"/api/v1/office/counselling-extensions/{asked}/approval", new { answer = "同意" })).MustBe(HttpStatusCode.NoContent);
        (await client.Put($"{Practice.Appointments}/{id}/feedback", new { stars = 5, wouldComeAgain = true })).MustBe(HttpStatusCode.NoContent);
        (await client.Get("/api/v1/me/appointments")).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/supervision-texts", new { text = "请教:她连续两周睡不好,下一步怎样做好。" })).MustBe(HttpStatusCode.Created);
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/referrals", new { hospital = "市第二人民医院", advice = "建议进一步评估。" })).MustBe(HttpStatusCode.NoContent);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/case-closure", new { reason = "referred" })).MustBe(HttpStatusCode.NoContent);
        await MissAsync(counsellor, client);
        return (client, session["personId"], id);
    }

    /// <summary>She cancels one late, does not come to another, is told what waited for her, hears of the days she waited for, and takes her consent back.</summary>
    private async Task MissAsync(Counsellor counsellor, Person client)
    {
        var late = await client.Book(counsellor.Id, house.In(1, "09:00"));
        (await client.Cancel(late, "accepted")).MustBe(HttpStatusCode.OK);
        var missed = house.In(2, "11:00");
        var id = await client.Book(counsellor.Id, missed);
        house.Clock.Advance(missed.AddMinutes(31) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/no-show", new { version = 2 })).MustBe(HttpStatusCode.OK);
        Assert.Equal(2, (await client.Get("/api/v1/me/conduct-points")).Items.Length);
        house.Clock.Advance(house.In(0, "16:20") - house.Clock.GetUtcNow());
        await house.TellClients();
        house.Clock.Advance(TimeSpan.FromMinutes(3));
        (await client.Delete(Practice.Consent)).MustBe(HttpStatusCode.OK);
    }

    /// <returns>What was reached; a row of a talk tells by which way.</returns>
    private async Task<HashSet<Row>> FollowAsync(string personId)
    {
        var all = await RowsAsync();
        var ofEverybody = all.Where(r => Common.Contains(r.Table)).SelectMany(r => r.Texts).ToHashSet();
        var rows = all.Where(r => !Common.Contains(r.Table))
            .Select(r => r with { Texts = [.. r.Texts.Except(ofEverybody)], Instants = [.. r.Numbers.Where(IsInstant), .. r.Texts.Except(ofEverybody).Select(InstantIn).OfType<long>()] })
            .ToList();
        var byValue = rows.SelectMany(r => r.Texts.Select(t => (Text: t, Row: r))).ToLookup(p => p.Text, p => p.Row);
        var reached = new HashSet<Row>(rows.Where(r => r.Texts.Contains(personId)));
        var open = new Queue<Row>(reached);
        while (open.TryDequeue(out var row))
        {
            var next = row.Texts.SelectMany(t => byValue[t])
                .Concat(rows.Where(r => Secret.Contains(r.Table) && r.Instants.Any(i => row.Instants.Any(j => Leads.Any(l => Math.Abs(Math.Abs(i - j) - l) <= CloseTogether)))));
            foreach (var found in next)
            {
                if (reached.Add(found with { Way = $"{row.Way} > {row.Table} {row.Key[..Math.Min(row.Key.Length, 160)]}" }))
                {
                    open.Enqueue(found with { Way = $"{row.Way} > {row.Table} {row.Key[..Math.Min(row.Key.Length, 160)]}" });
                }
            }
        }

        return reached;
    }

    private async Task<List<Row>> RowsAsync()
    {
        await using var db = house.Database.Open();
        var tables = await db.QueryToListAsync<string>(house.Database.IsSqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
        var all = new List<Row>();
        foreach (var table in tables)
        {
            all.AddRange(await db.QueryToListAsync(
                reader =>
                {
                    var values = Enumerable.Range(0, reader.FieldCount).Where(i => !reader.IsDBNull(i)).Select(reader.GetValue).ToList();
                    var texts = values.OfType<string>().Where(t => t.Length >= 24).ToHashSet();
                    var numbers = values.Where(v => v is long or int or ulong).Select(v => Convert.ToInt64(v, CultureInfo.InvariantCulture));
                    return new Row(table, string.Join('|', values), texts, [.. numbers]);
                },
                $"SELECT * FROM {table}"));
        }

        return all;
    }

    private bool IsInstant(long number) => Math.Abs(number - house.Clock.GetUtcNow().ToUnixTimeMilliseconds()) < TimeSpan.FromDays(400).TotalMilliseconds;

    /// <summary>The time in an id of version 7. The house's clock is moved by hand and the ids' is not, so both count.</summary>
    private static long? InstantIn(string text) =>
        text.Length == 32 && text[12] == '7' && long.TryParse(text.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var at) && at < 2_000_000_000_000 && at > 1_500_000_000_000
            ? at
            : null;

    private sealed record Row(string Table, string Key, HashSet<string> Texts, IReadOnlyList<long> Numbers)
    {
        public IReadOnlyList<long> Instants { get; init; } = [];

        public string Way { get; init; } = "";

        public bool Equals(Row? other) => other is not null && Table == other.Table && Key == other.Key;

        public override int GetHashCode() => HashCode.Combine(Table, Key);

        public override string ToString() => $"{Table} by {Way}: {Key}";
    }
}
