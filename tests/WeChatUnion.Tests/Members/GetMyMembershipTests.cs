using System.Net;
using System.Text.Json;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class GetMyMembershipOnSqlite(SqliteHouse house) : GetMyMembershipTests(house), IClassFixture<SqliteHouse>;

public sealed class GetMyMembershipOnMariaDb(MariaDbHouse house) : GetMyMembershipTests(house), IClassFixture<MariaDbHouse>;

public abstract class GetMyMembershipTests(TestHouse house)
{
    [Fact]
    public async Task Somebody_who_never_applied_has_neither()
    {
        var body = (await (await house.Worker()).Get("/api/v1/me/membership")).MustBe(HttpStatusCode.OK).Body;
        Assert.Equal(JsonValueKind.Null, body.GetProperty("application").ValueKind);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("membership").ValueKind);
    }

    [Fact]
    public async Task A_draft_shows_what_is_filled_in_so_far()
    {
        var worker = await house.Newcomer();
        (await worker.FillIn("work", worker.WorkStep(await house.UnionId("holding")))).MustBe(HttpStatusCode.OK);

        var application = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application");

        Assert.Equal("draft", application.Text("state"));
        Assert.Equal($"{worker.Version}", application.Text("version"));
        Assert.Equal("True", application.GetProperty("union").Text("isHolding"));
        Assert.Equal("", application.GetProperty("form").Text("name"));
        Assert.Equal("", application.Text("submittedAt"));
        Assert.Equal("", application.Text("contactDueOn"));
        Assert.Empty(application.GetProperty("steps").EnumerateArray());
    }

    [Fact]
    public async Task The_version_that_is_shown_is_the_one_to_hand_in()
    {
        var draft = await house.Draft("jinsui");
        var version = (await draft.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("version").GetInt32();
        (await draft.Post($"{Applicant.Application}/submission", new { version })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_member_sees_her_union_and_the_steps_that_led_there_without_the_officers_name()
    {
        var member = await house.Member("xingzhuang");

        var answer = (await member.Get("/api/v1/me/membership")).MustBe(HttpStatusCode.OK);

        Assert.Equal("杏庄村工会委员会", answer.Body.GetProperty("membership").GetProperty("union").Text("name"));
        Assert.Equal(["submission", "approval"], answer.Body.GetProperty("application").GetProperty("steps").EnumerateArray().Select(s => s.Text("kind")));
        Assert.DoesNotContain("工作人员", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_applications_the_newest_is_shown()
    {
        var applicant = await house.Applicant("jinsui");
        (await applicant.Withdraw()).MustBe(HttpStatusCode.NoContent);
        var withdrawn = applicant.ApplicationId;
        applicant.Version = null;
        await applicant.FillInAll(await house.UnionId("hongyuan"));

        Assert.NotEqual(withdrawn, applicant.ApplicationId);
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_has_one()
    {
        (await house.Anonymous().Get("/api/v1/me/membership")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Get("/api/v1/me/membership")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
