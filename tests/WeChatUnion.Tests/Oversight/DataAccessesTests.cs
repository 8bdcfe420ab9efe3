using System.Net;
using System.Text.Json;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Privacy;

namespace WeChatUnion.Tests.Oversight;

public sealed class DataAccessesOnSqlite(SqliteHouse house) : DataAccessesTests(house), IClassFixture<SqliteHouse>;

public sealed class DataAccessesOnMariaDb(MariaDbHouse house) : DataAccessesTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Who saw whom, told to the worker herself and to the auditor; and the audit log itself.</summary>
public abstract class DataAccessesTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/data-accesses";
    private const string Office = "/api/v1/office/data-accesses";
    private const string Entries = "/api/v1/office/audit-entries";
    private const string Why = "来电咨询入会进度";

    [Fact]
    public async Task A_worker_reads_who_looked_at_her_by_office_and_union_with_the_reason_but_no_name()
    {
        var concerned = await house.Concerned("zhaipo");
        Assert.Empty((await concerned.Worker.Get(Mine)).MustBe(HttpStatusCode.OK).Items);
        await LookAtAsync(concerned, "zhaipo");

        var answer = (await concerned.Worker.Get(Mine)).MustBe(HttpStatusCode.OK);
        Assert.Equal(["unmask", "read_contacts", "read_application", "search_hit", "search_hit"], answer.Items.Select(i => Text(i, "look")));
        Assert.All(answer.Items, i => Assert.Equal("会员管理员", Text(i, "roleTitle")));
        Assert.All(answer.Items, i => Assert.Equal("翟坡镇总工会", Text(i, "unionName")));
        Assert.All(answer.Items, i => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", Text(i, "lookWords")));
        Assert.Equal(("id_number", Why), (Text(answer.Items[0], "field"), Text(answer.Items[0], "reason")));
        Assert.DoesNotContain("工作人员", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("10.", answer.Text, StringComparison.Ordinal);

        // Page by page, and nobody else's.
        var first = (await concerned.Worker.Get($"{Mine}?take=2")).MustBe(HttpStatusCode.OK);
        var second = (await concerned.Worker.Get($"{Mine}?take=50&after={first["next"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(answer.Items.Select(i => Text(i, "id")), first.Items.Concat(second.Items).Select(i => Text(i, "id")));
        Assert.Empty((await (await house.Concerned("zhaipo")).Worker.Get(Mine)).MustBe(HttpStatusCode.OK).Items);
        (await house.Anonymous().Get(Mine)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await concerned.Worker.Get($"{Mine}?after=x")).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task The_auditor_reads_by_viewer_or_by_subject_and_her_reading_is_a_look_too()
    {
        var concerned = await house.Concerned("xiaoji");
        var officer = await LookAtAsync(concerned, "xiaoji");
        var auditor = await house.Staff(Role.Auditor, "county");

        var bySubject = (await auditor.Get($"{Office}?subject={concerned.PersonId}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["read_data_accesses", "unmask", "read_contacts", "read_application", "search_hit", "search_hit"], bySubject.Items.Select(i => Text(i, "look")));
        var officers = bySubject.Items[1..];
        Assert.All(officers, i => Assert.Equal((officer, "工作人员", "membership_officer"), (Text(i, "viewerId"), Text(i, "viewerName"), Text(i, "role"))));
        Assert.Equal(Why, Text(officers[0], "reason"));

        // The search by the full number had its reason, the one by name needed none.
        Assert.Equal(["", "办理窗口核实身份"], officers[3..].Select(i => Text(i, "reason")));

        var byViewer = (await auditor.Get($"{Office}?viewer={officer}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(officers.Select(i => Text(i, "id")), byViewer.Items.Where(i => Text(i, "subjectId") == concerned.PersonId).Select(i => Text(i, "id")));
        Assert.Equal("审计员", Text((await concerned.Worker.Get(Mine)).Items[0], "roleTitle"));

        (await auditor.Get(Office)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await auditor.Get($"{Office}?viewer=me")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await house.Staff(Role.MembershipOfficer, "xiaoji")).Get($"{Office}?subject={concerned.PersonId}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await concerned.Worker.Get($"{Office}?subject={concerned.PersonId}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Get($"{Office}?subject={concerned.PersonId}")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

        // An auditor of another branch sees nothing of this one.
        var elsewhere = await house.Staff(Role.Auditor, "qiliying");
        Assert.DoesNotContain((await elsewhere.Get($"{Office}?subject={concerned.PersonId}")).MustBe(HttpStatusCode.OK).Items, i => Text(i, "viewerId") == officer);
        Assert.DoesNotContain((await elsewhere.Get($"{Entries}?person={officer}")).MustBe(HttpStatusCode.OK).Items, i => Text(i, "personId") == officer);
    }

    [Fact]
    public async Task The_audit_log_is_listed_by_person_subject_record_deed_and_day()
    {
        var concerned = await house.Concerned("hehe");
        var officer = await LookAtAsync(concerned, "hehe");
        await house.Seal();
        var auditor = await house.Staff(Role.Auditor, "county");

        Assert.Equal(
            ["record_contact", "unmask", "read_contacts", "read_application", "search_hit", "search_members", "search_hit", "search_members"],
            await DeedsAsync(auditor, $"person={officer}"));
        Assert.Equal(["unmask"], await DeedsAsync(auditor, $"person={officer}&deed=unmask"));
        Assert.Equal(["record_contact", "unmask", "read_contacts", "read_application", "submit_application"], await DeedsAsync(auditor, $"record={concerned.ApplicationId}"));
        var day = house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", null);
        Assert.Equal(["unmask"], await DeedsAsync(auditor, $"subject={concerned.PersonId}&deed=unmask&from={day}&to={day}"));
        Assert.Empty(await DeedsAsync(auditor, $"subject={concerned.PersonId}&to=2026-11-23"));
        Assert.Empty(await DeedsAsync(auditor, $"subject={concerned.PersonId}&from=2036-11-25"));
        Assert.Empty(await DeedsAsync(auditor, $"subject={concerned.PersonId}&from=9999-12-31&to=9999-12-31"));
        Assert.Empty(await DeedsAsync(auditor, $"subject={concerned.PersonId}&from=0001-01-01&to=0001-01-01"));

        var item = (await auditor.Get($"{Entries}?person={officer}&deed=unmask")).Items[0];
        Assert.Equal(day, Text(item, "sealedOn"));
        Assert.True(item.GetProperty("position").GetInt32() > 0);
        Assert.Equal("membership_officer", Text(item, "role"));

        foreach (var wrong in new[] { "person=x", "subject=x", "record=%E4%B8%AD", "deed=a%20b", "from=yesterday", "take=51", "after=x" })
        {
            (await auditor.Get($"{Entries}?{wrong}")).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        (await house.Anonymous().Get(Entries)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await concerned.Worker.Get(Entries)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.MembershipOfficer, "hehe")).Get(Entries)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        await house.AuditMustBeClean();
    }

    [Fact]
    public async Task A_search_by_a_full_number_needs_a_reason_and_is_counted()
    {
        var concerned = await house.Concerned("guguzhai");
        var officer = await house.Staff(Role.MembershipOfficer, "guguzhai");
        const string Search = "/api/v1/office/member-searches";

        var refused = (await officer.PostWithoutKey(Search, new { idNumber = concerned.IdNumber })).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal("reason", Assert.Single(refused.Body.GetProperty("errors").EnumerateObject()).Name);
        (await officer.PostWithoutKey(Search, new { idNumber = concerned.IdNumber, reason = "核实" })).MustBe(HttpStatusCode.BadRequest, "malformed");

        for (var i = 0; i < 50; i++)
        {
            (await officer.PostWithoutKey(Search, new { idNumber = concerned.IdNumber, reason = Why })).MustBe(HttpStatusCode.OK);
        }

        var last = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => officer.PostWithoutKey(Search, new { idNumber = concerned.IdNumber, reason = Why })));
        Assert.Equal(10, last.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(last.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.TooManyRequests, "too_many_requests"));
        (await officer.PostWithoutKey(Search, new { name = concerned.Name })).MustBe(HttpStatusCode.OK);
        Assert.Equal(61, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'search_hit' AND subject_id = '{concerned.PersonId}'"));
        Assert.Equal(60, await house.Number($"SELECT COUNT(*) FROM search_reasons WHERE person_id = '{await house.PersonIdOf(officer)}'"));

        // A number that nobody has is a search all the same.
        house.Clock.Advance(TimeSpan.FromHours(1));
        officer = await house.Staff(Role.MembershipOfficer, "guguzhai");
        Assert.Empty((await officer.PostWithoutKey(Search, new { idNumber = "410721190001010000", reason = Why })).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(61, await house.Number($"SELECT COUNT(*) FROM search_reasons WHERE person_id = '{await house.PersonIdOf(officer)}'"));
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).ToString();

    private static async Task<IEnumerable<string>> DeedsAsync(Person auditor, string filter) =>
        (await auditor.Get($"{Entries}?{filter}")).MustBe(HttpStatusCode.OK).Items.Select(i => Text(i, "deed"));

    /// <summary>An officer finds her by number and by name, opens the application and its contacts, sees the number.</summary>
    private async Task<string> LookAtAsync(Concerned concerned, string union)
    {
        var officer = await house.Staff(Role.MembershipOfficer, union);
        var path = $"/api/v1/office/membership-applications/{concerned.ApplicationId}";
        (await officer.PostWithoutKey("/api/v1/office/member-searches", new { idNumber = concerned.IdNumber, reason = "办理窗口核实身份" })).MustBe(HttpStatusCode.OK);
        (await officer.PostWithoutKey("/api/v1/office/member-searches", new { name = concerned.Name })).MustBe(HttpStatusCode.OK);
        (await officer.Get(path)).MustBe(HttpStatusCode.OK);
        (await officer.Get($"{path}/contacts")).MustBe(HttpStatusCode.OK);
        (await officer.PostWithoutKey(
            "/api/v1/office/unmaskings",
            new { recordKind = "membership_application", recordId = concerned.ApplicationId, field = "id_number", reason = Why })).MustBe(HttpStatusCode.OK);

        // The work list is masked, and her own deeds are no looks: neither shows.
        (await officer.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{path}/contacts", new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已联系" })).MustBe(HttpStatusCode.Created);
        return await house.PersonIdOf(officer);
    }
}
