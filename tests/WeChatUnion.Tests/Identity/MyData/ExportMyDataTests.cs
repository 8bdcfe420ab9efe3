using System.Globalization;
using System.Net;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Messages;

namespace WeChatUnion.Tests.Identity.MyData;

public sealed class ExportMyDataOnSqlite(SqliteHouse house) : ExportMyDataTests(house), IClassFixture<SqliteHouse>;

public sealed class ExportMyDataOnMariaDb(MariaDbHouse house) : ExportMyDataTests(house), IClassFixture<MariaDbHouse>;

public abstract class ExportMyDataTests(TestHouse house)
{
    private const string Path = "/api/v1/me/export";

    [Fact]
    public async Task Everything_about_me_is_in_it_and_nothing_about_anybody_else()
    {
        var ann = await house.BusyPerson("阿依古丽·犇骉焱", "安犇");
        var ben = await house.BusyPerson("古丽娜尔·龘靐麤", "本龘");
        var answer = (await ann.Person.Get(Path)).MustBe(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Response.Headers.CacheControl!.ToString());
        var exported = Rows(answer);

        // A scan that knows nothing of the registry: every row of every table with her id, her application's or membership's.
        var scanned = await Scan(ann);
        Assert.True(scanned.Select(r => r.Table).Distinct().Count() >= 16, string.Join(' ', scanned.Select(r => r.Table).Distinct()));
        Assert.Equal([], scanned.Where(r => !exported.ContainsKey(r)));

        // And every personal column of these rows, as the registry has them.
        Assert.Empty(await MissingColumns(ann.PersonId, exported));
        Assert.All(ann.Values, v => Assert.Contains(v, answer.Text, StringComparison.Ordinal));
        var officer = await house.Text($"SELECT person_id FROM membership_steps WHERE application_id = '{ann.Person.ApplicationId}' AND kind = 'approval'");
        Assert.All(
            [.. ben.Values, ben.PersonId, ben.Person.ApplicationId, ben.MembershipId, officer],
            v => Assert.DoesNotContain(v, answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_notice_that_an_earlier_release_left_on_its_way_belongs_to_it_too()
    {
        var person = await house.Applicant("jinsui");
        await house.LeaveInOutbox(person, "还在路上的通知犇");
        var exported = Rows((await person.Get(Path)).MustBe(HttpStatusCode.OK));
        Assert.Contains(exported, r => r.Key.Table == "outbox");
        Assert.Contains("还在路上的通知犇", (await person.Get(Path)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Rows(await (await house.Newcomer()).Get(Path)), r => r.Key.Table == "outbox");
    }

    [Fact]
    public async Task Hashes_and_keys_stay_inside()
    {
        var person = await house.Member("jinsui");
        var answer = (await person.Get(Path)).MustBe(HttpStatusCode.OK);
        var secrets = house.Services.GetRequiredService<ColumnRegistry>().Groups.Where(g => g.Kind == ColumnKind.Secret)
            .SelectMany(g => g.Columns.Select(c => $"{g.Table}.{c}")).ToHashSet();
        Assert.Equal([], Rows(answer).SelectMany(r => r.Value.Select(c => $"{r.Key.Table}.{c}")).Where(secrets.Contains));
        Assert.DoesNotContain(
            await house.Text($"SELECT token_hash FROM sessions WHERE person_id = '{person.PersonId}'"), answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_export_is_written_down_and_five_an_hour_are_enough()
    {
        var person = await house.Newcomer();
        for (var i = 0; i < 5; i++)
        {
            (await person.Get(Path)).MustBe(HttpStatusCode.OK);
        }

        var refused = (await person.Get(Path)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Equal(5, (await house.Audited("export_my_data", person.PersonId)).Count);
    }

    [Fact]
    public async Task Without_a_session_there_is_nothing() =>
        (await house.Anonymous().Get(Path)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

    private Dictionary<(string Table, string Key), HashSet<string>> Rows(Answer answer)
    {
        var registry = house.Services.GetRequiredService<ColumnRegistry>();
        var rows = new Dictionary<(string, string), HashSet<string>>();
        foreach (var table in answer.Body.GetProperty("tables").EnumerateArray())
        {
            var name = table.GetProperty("name").GetString()!;
            foreach (var row in table.GetProperty("rows").EnumerateArray())
            {
                var key = (name, row.GetProperty(registry.KeyOf(name)).GetString()!);
                var columns = row.EnumerateObject().Select(p => p.Name);
                rows[key] = [.. columns, .. rows.GetValueOrDefault(key, [])];
            }
        }

        return rows;
    }

    private async Task<List<(string Table, string Key)>> Scan(BusyPerson person)
    {
        var registry = house.Services.GetRequiredService<ColumnRegistry>();
        var found = new List<(string, string)>();
        await using var db = house.Database.Open();
        foreach (var table in registry.Tables)
        {
            var key = registry.KeyOf(table);
            found.AddRange((await db.QueryToListAsync(
                row =>
                {
                    var isHers = Enumerable.Range(0, row.FieldCount).Any(i => !row.IsDBNull(i) && (Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture) is { } text)
                        && (text == person.PersonId
                            || (row.GetName(i) == "application_id" && text == person.Person.ApplicationId)
                            || (row.GetName(i) == "membership_id" && text == person.MembershipId)));
                    return isHers ? Convert.ToString(row[key], CultureInfo.InvariantCulture) : null;
                },
                $"SELECT * FROM {table}",
                CancellationToken.None)).OfType<string>().Select(k => (table, k)));
        }

        return found;
    }

    private async Task<List<string>> MissingColumns(string personId, Dictionary<(string Table, string Key), HashSet<string>> exported)
    {
        var registry = house.Services.GetRequiredService<ColumnRegistry>();
        var missing = new List<string>();
        await using var db = house.Database.Open();
        foreach (var group in registry.Groups.Where(g => g.Whose.Length > 0 && g.Kind is ColumnKind.Personal or ColumnKind.Sensitive))
        {
            var keys = await db.QueryToListAsync<string>($"SELECT {registry.KeyOf(group.Table)} FROM {group.Table} WHERE {group.Condition}", new { personId });
            missing.AddRange(keys.SelectMany(k => group.Columns
                .Select(c => c.EndsWith("_sealed", StringComparison.Ordinal) ? c[..^7] : c)
                .Where(c => !exported.TryGetValue((group.Table, k), out var columns) || !columns.Contains(c))
                .Select(c => $"{group.Table}.{c}")));
        }

        return missing;
    }
}
