using System.Globalization;
using System.Net;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Identity.MyData;

namespace WeChatUnion.Tests.Privacy;

public sealed class RetentionOnSqlite(SqliteHouse house) : RetentionTests(house), IClassFixture<SqliteHouse>;

public sealed class RetentionOnMariaDb(MariaDbHouse house) : RetentionTests(house), IClassFixture<MariaDbHouse>;

/// <summary>A millisecond before its time is over a row is still there, at that instant it goes.</summary>
public abstract class RetentionTests(TestHouse house)
{
    [Fact]
    public async Task Messages_stay_two_years()
    {
        var person = await house.Applicant("jinsui");
        await house.Return(person, "请补充");
        await GoesAfter(730, "messages", "messages", $"person_id = '{person.PersonId}'");
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("returned")]
    [InlineData("withdrawn")]
    [InlineData("rejected")]
    public async Task An_application_that_came_to_nothing_stays_a_year_with_all_that_belongs_to_it(string state)
    {
        var person = state == "draft" ? await house.Draft("jinsui") : await house.Applicant("jinsui");
        var officer = await house.Officer("county");
        if (state != "draft")
        {
            (await officer.Post($"{person.OfficePath}/contacts", new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已联系" })).MustBe(HttpStatusCode.Created);
        }

        switch (state)
        {
            case "returned":
                await house.Return(person, "请补充");
                break;
            case "withdrawn":
                (await person.Withdraw()).MustBe(HttpStatusCode.NoContent);
                break;
            case "rejected":
                (await officer.Post($"{person.OfficePath}/rejection", new { version = person.Version, reason = "不符合条件" })).MustBe(HttpStatusCode.NoContent);
                break;
            default:
                break;
        }

        await GoesAfter(365, "closed_applications", "membership_applications", $"person_id = '{person.PersonId}'");
        Assert.Equal(0, await Count("membership_steps", $"application_id = '{person.ApplicationId}'"));
        Assert.Equal(0, await Count("membership_contacts", $"application_id = '{person.ApplicationId}'"));
        Assert.Equal(0, await Count("member_records", $"person_id = '{person.PersonId}'"));
    }

    [Fact]
    public async Task An_ended_membership_stays_three_years_and_a_living_one_and_an_open_review_for_good()
    {
        var (gone, living, waiting) = (await house.BusyPerson("阿孜古丽·犇骉焱", "阿骉"), await house.Member("jinsui"), await house.Applicant("jinsui"));
        await house.Leave(gone.Person);
        await GoesAfter(1096, "ended_memberships", "memberships", $"id = '{gone.MembershipId}'");
        foreach (var table in new[] { "membership_changes", "membership_transfers", "membership_departures", "record_corrections" })
        {
            Assert.Equal(0, await Count(table, $"membership_id = '{gone.MembershipId}'"));
        }

        Assert.Equal(0, await Count("membership_applications", $"person_id = '{gone.PersonId}'"));
        Assert.Equal(0, await Count("member_records", $"person_id = '{gone.PersonId}'"));
        Assert.Equal(1, await Count("memberships", $"person_id = '{living.PersonId}'"));
        Assert.Equal(1, await Count("member_records", $"person_id = '{living.PersonId}'"));
        Assert.Equal(1, await Count("membership_applications", $"person_id = '{living.PersonId}'"));
        Assert.Equal(1, await Count("membership_applications", $"person_id = '{waiting.PersonId}'"));
    }

    [Fact]
    public async Task The_proof_of_a_consent_stays_three_years_after_it_ended()
    {
        var person = await house.Newcomer();
        await person.Consent();
        (await person.Delete("/api/v1/me/consents/membership")).MustBe(HttpStatusCode.OK);
        await GoesAfter(1096, "withdrawn_consents", "consents", $"person_id = '{person.PersonId}'");
    }

    [Fact]
    public async Task A_living_consent_stays()
    {
        var person = await house.Newcomer();
        await person.Consent();
        house.Clock.Advance(TimeSpan.FromDays(2000));
        await Run();
        Assert.Equal(1, await Count("consents", $"person_id = '{person.PersonId}'"));
    }

    [Fact]
    public async Task A_request_to_be_deleted_stays_three_years_after_it_was_closed()
    {
        var person = await house.Newcomer();
        (await person.Post("/api/v1/me/deletion", new { })).MustBe(HttpStatusCode.Created);
        (await person.Delete("/api/v1/me/deletion")).MustBe(HttpStatusCode.NoContent);
        await GoesAfter(1096, "closed_deletions", "deletion_requests", $"person_id = '{person.PersonId}'");
    }

    [Fact]
    public async Task The_count_of_looks_stays_a_day()
    {
        var person = await house.Newcomer();
        (await person.Get("/api/v1/me/export")).MustBe(HttpStatusCode.OK);
        await GoesAfter(1, "look_allowances", "look_allowances", $"person_id = '{person.PersonId}'");
    }

    [Theory]
    [InlineData(30, "parked_outbox", "outbox", "kind, payload_sealed, due_at, attempts, parked_at, created_at", "'unknown', 'x', 0, 10, {now}, 0")]
    [InlineData(183, "staff_links", "staff_links", "kind, token_hash, display_name, role, union_id, made_at, expires_at", "'invitation', '{id}{id}', '某人', 'auditor', '{union}', 0, {now}")]
    [InlineData(1096, "past_grants", "past_grants", "person_id, role, union_id, granted_at, ended_at, ended_by", "'{person}', 'auditor', '{union}', 0, {now}, '{person}'")]
    [InlineData(0, "kept_records", "kept_records", "person_id, basis, content_sealed, kept_until, made_at", "'{person}', '档案法', 'x', {now}, 0")]
    [InlineData(1096, "staff_disablings", "staff_disablings", "person_id, reason_sealed, disabled_by, disabled_at", "'{staff}', 'x', '{person}', {now}")]
    [InlineData(1096, "wechat_rebindings", "wechat_rebindings", "membership_id, person_id, left_person_id, app_id, reason_sealed, rebound_by, at", "'{membership}', '{person}', '{person}', 'wx', 'x', '{person}', {now}")]
    public async Task Rows_that_nobody_asks_for_any_more_go_in_their_time(int days, string rule, string table, string columns, string values)
    {
        var member = await house.Member("jinsui");
        await house.AddStaffAsync($"staff-{member.User}-{rule}", Api.Modules.Identity.Role.Auditor, "county");
        var id = Ids.New();
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var now = house.Clock.Milliseconds();
        if (days == 0)
        {
            // Its end stands in the row itself.
            now += 1;
        }

        var filled = values.Replace("{now}", now.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{person}", member.PersonId, StringComparison.Ordinal)
            .Replace("{union}", await house.UnionId("county"), StringComparison.Ordinal)
            .Replace("{membership}", await house.Text($"SELECT id FROM memberships WHERE person_id = '{member.PersonId}'"), StringComparison.Ordinal)
            .Replace("{staff}", await house.Text($"SELECT person_id FROM staff_accounts WHERE name = 'staff-{member.User}-{rule}'"), StringComparison.Ordinal);
        await house.Execute($"INSERT INTO {table} (id, {columns}) VALUES ('{id}', {filled})");
        if (days == 0)
        {
            await Run();
            Assert.Equal(1, await Count(table, $"id = '{id}'"));
            house.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Run();
            Assert.Equal(0, await Count(table, $"id = '{id}'"));
            return;
        }

        await GoesAfter(days, rule, table, $"id = '{id}'");
    }

    [Fact]
    public async Task More_rows_than_a_batch_go_in_one_run_and_the_log_says_how_many()
    {
        var person = await house.Newcomer();
        await house.Database.TransactAsync(
            async db =>
            {
                for (var i = 0; i < 1100; i++)
                {
                    await db.ExecuteAsync(
                        "INSERT INTO messages (id, person_id, kind, title, text_sealed, record_id, created_at) VALUES (@id, @PersonId, 'x', 'x', 'x', @id, @now)",
                        new { id = Ids.New(), person.PersonId, now = house.Clock.Milliseconds() });
                }
            },
            CancellationToken.None);
        var before = await Audited("messages");
        await GoesAfter(730, "messages", "messages", $"person_id = '{person.PersonId}'");
        Assert.True(await Audited("messages") - before >= 1100);
    }

    private async Task GoesAfter(int days, string rule, string table, string where)
    {
        var count = await Count(table, where);
        Assert.True(count > 0);
        house.Clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromMilliseconds(1));
        await Run();
        Assert.Equal(count, await Count(table, where));
        var audited = await Audited(rule);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Run();
        Assert.Equal(0, await Count(table, where));
        Assert.True(await Audited(rule) >= audited + count);
    }

    private Task Run() => house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);

    private Task<long> Count(string table, string where) => house.Number($"SELECT COUNT(*) FROM {table} WHERE {where}");

    /// <summary>How many rows the log says have gone by a rule.</summary>
    private Task<long> Audited(string rule) => house.Number(
        $"SELECT CAST(COALESCE(SUM(record_id + 0), 0) AS {(house.Database.IsSqlite ? "INTEGER" : "SIGNED")}) FROM audit_entries WHERE deed = 'apply_retention' AND record_kind = '{rule}'");
}
