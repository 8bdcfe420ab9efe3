using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Privacy;

namespace WeChatUnion.Tests.Oversight;

public sealed class UnmaskOnSqlite(SqliteHouse house) : UnmaskTests(house), IClassFixture<SqliteHouse>;

public sealed class UnmaskOnMariaDb(MariaDbHouse house) : UnmaskTests(house), IClassFixture<MariaDbHouse>;

public abstract class UnmaskTests(TestHouse house)
{
    private const string Path = "/api/v1/office/unmaskings";
    private const string Reason = "电话核实入会申请";

    [Fact]
    public async Task An_officer_sees_one_value_and_who_which_and_why_are_written_down_unreadably()
    {
        var concerned = await house.Concerned("zhaipo");
        var officer = await house.Staff(Role.MembershipOfficer, "zhaipo");

        var number = (await officer.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.OK);
        Assert.Equal(concerned.IdNumber, number["value"]);
        Assert.True(number.Response.Headers.CacheControl?.NoStore);
        Assert.Equal(concerned.Phone, (await officer.PostWithoutKey(Path, Body(concerned, field: "phone"))).MustBe(HttpStatusCode.OK)["value"]);
        Assert.Equal(
            concerned.Phone,
            (await officer.PostWithoutKey(Path, new { recordKind = "person", recordId = concerned.PersonId, field = "phone", reason = Reason })).MustBe(HttpStatusCode.OK)["value"]);

        var officerId = await house.PersonIdOf(officer);
        Assert.Equal(1, await house.Number(
            "SELECT COUNT(*) FROM unmaskings u JOIN audit_entries e ON e.id = u.audit_entry_id AND e.at = u.at "
            + $"WHERE u.id = '{number["id"]}' AND u.person_id = '{officerId}' AND u.subject_id = '{concerned.PersonId}' AND u.field = 'id_number' "
            + $"AND e.person_id = '{officerId}' AND e.subject_id = '{concerned.PersonId}' AND e.record_id = '{concerned.ApplicationId}' "
            + $"AND e.deed = 'unmask' AND e.role = 'membership_officer' AND e.union_id = '{await house.UnionId("zhaipo")}'"));

        // Sealed: key id, colon, base64, in a column that could not hold a Chinese word.
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM unmaskings WHERE reason_sealed NOT LIKE '%:%' OR LENGTH(reason_sealed) < 60"));
        Assert.DoesNotContain(house.Log, l => l.Contains(concerned.IdNumber, StringComparison.Ordinal) || l.Contains(Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_sees_what_is_not_in_her_reach_or_not_her_business()
    {
        var concerned = await house.Concerned("zhaipo");
        var looks = await Looks();

        (await house.Anonymous().PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await concerned.Worker.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.Auditor, "county")).PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.Forbidden, "not_allowed");

        var stranger = await house.Staff(Role.MembershipOfficer, "xiaoji");
        (await stranger.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.PostWithoutKey(Path, new { recordKind = "person", recordId = concerned.PersonId, field = "phone", reason = Reason }))
            .MustBe(HttpStatusCode.NotFound, "not_found");
        var officer = await house.Staff(Role.MembershipOfficer, "zhaipo");
        (await officer.PostWithoutKey(Path, Body(concerned) with { recordId = new string('0', 32) })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(looks, await Looks());

        // The officer above reaches down; after she took it back nobody does.
        (await (await house.Staff(Role.UnionChair, "county")).PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.OK);
        (await concerned.Worker.Post("/api/v1/me/membership-application/withdrawal", new { version = 5 })).MustBe(HttpStatusCode.NoContent);
        (await officer.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("reason", "四个字啊")]
    [InlineData("reason", "  四个字啊  ")]
    [InlineData("reason", null)]
    [InlineData("recordId", "1' OR '1'='1")]
    [InlineData("recordId", null)]
    [InlineData("recordKind", "staff_account")]
    [InlineData("recordKind", null)]
    [InlineData("field", "name")]
    [InlineData("field", null)]
    public async Task A_look_without_a_reason_or_at_something_else_is_malformed(string field, string? value)
    {
        var body = new Dictionary<string, string?> { ["recordKind"] = "membership_application", ["recordId"] = new string('0', 32), ["field"] = "phone", ["reason"] = Reason };
        body[field] = value;
        var answer = (await (await house.Staff(Role.MembershipOfficer, "zhaipo")).PostWithoutKey(Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Single(answer.Body.GetProperty("errors").EnumerateObject(), e => e.Name == (field == "recordKind" && value is not null ? "field" : field));
    }

    [Fact]
    public async Task A_reason_has_at_most_200_characters()
    {
        var concerned = await house.Concerned("qiliying");
        var officer = await house.Staff(Role.MembershipOfficer, "qiliying");
        (await officer.PostWithoutKey(Path, Body(concerned) with { reason = new string('因', 201) })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.PostWithoutKey(Path, Body(concerned) with { reason = new string('因', 200) })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Thirty_looks_at_once_give_twenty_and_the_next_hour_gives_more()
    {
        var concerned = await house.Concerned("langgongmiao");
        var officer = await house.Staff(Role.MembershipOfficer, "langgongmiao");
        var before = await Looks();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => officer.PostWithoutKey(Path, Body(concerned))));
        Assert.Equal(20, answers.Count(a => a.Status == HttpStatusCode.OK));
        var refused = answers.Where(a => a.Status != HttpStatusCode.OK).ToList();
        Assert.All(refused, a => a.MustBe(HttpStatusCode.TooManyRequests, "too_many_requests"));
        Assert.All(refused, a => Assert.Equal(TimeSpan.FromHours(1), a.Response.Headers.RetryAfter?.Delta));
        Assert.Equal(before + 20, await Looks());

        // A colleague has her own hour.
        (await (await house.Staff(Role.UnionChair, "langgongmiao")).PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        officer = await house.Staff(Role.MembershipOfficer, "langgongmiao");
        var late = (await officer.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(TimeSpan.FromSeconds(1), late.Response.Headers.RetryAfter?.Delta);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await officer.PostWithoutKey(Path, Body(concerned))).MustBe(HttpStatusCode.OK);
        await house.AuditMustBeClean();
    }

    private static UnmaskBody Body(Concerned concerned, string field = "id_number") =>
        new("membership_application", concerned.ApplicationId, field, Reason);

    private Task<long> Looks() => house.Number("SELECT COUNT(*) FROM unmaskings");

    private sealed record UnmaskBody(string recordKind, string recordId, string field, string reason);
}
