using System.Net;
using System.Text.Json;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class ReturnApplicationOnSqlite(SqliteHouse house) : ReturnApplicationTests(house), IClassFixture<SqliteHouse>;

public sealed class ReturnApplicationOnMariaDb(MariaDbHouse house) : ReturnApplicationTests(house), IClassFixture<MariaDbHouse>;

public abstract class ReturnApplicationTests(TestHouse house)
{
    [Fact]
    public async Task A_returned_application_is_changed_handed_in_again_and_approved()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        (await officer.Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "姓名与证件不符" })).MustBe(HttpStatusCode.NoContent);

        var returned = (await applicant.Get("/api/v1/me/membership")).Body.GetProperty("application");
        Assert.Equal("returned", returned.Text("state"));
        Assert.Equal("姓名与证件不符", returned.GetProperty("steps").EnumerateArray().Last().Text("reason"));

        applicant.Version = returned.GetProperty("version").GetInt32();
        house.Clock.Advance(TimeSpan.FromDays(7));
        (await applicant.FillIn("identity", applicant.IdentityStep().With("name", "改正名"))).MustBe(HttpStatusCode.OK);
        var again = (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        Assert.NotEqual(returned.Text("contactDueOn"), again["contactDueOn"]);

        var seen = (await (await house.Officer("jinsui")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);
        Assert.Equal("改正名", seen.Body.GetProperty("form").Text("name"));
        Assert.Equal(["submission", "return", "resubmission"], seen.Body.GetProperty("steps").EnumerateArray().Select(s => s.Text("kind")));
        await house.Approve(applicant);
    }

    [Fact]
    public async Task Who_takes_back_her_consent_after_a_return_stays_in_the_lists_without_a_number()
    {
        var applicant = await house.Applicant(await house.NewUnion());
        var officer = await house.Officer("county");
        (await officer.Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "姓名与证件不符" })).MustBe(HttpStatusCode.NoContent);
        (await applicant.Delete("/api/v1/me/consents/membership")).MustBe(HttpStatusCode.OK);

        var listed = Assert.Single((await officer.Get("/api/v1/office/membership-applications?state=returned")).MustBe(HttpStatusCode.OK).Items, i => i.Text("id") == applicant.ApplicationId);
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("idNumber").ValueKind);
        var found = (await officer.Post("/api/v1/office/member-searches", new { name = applicant.Name })).MustBe(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, Assert.Single(found.Items, i => i.Text("applicationId") == applicant.ApplicationId).GetProperty("idNumber").ValueKind);
        (await officer.Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_resubmission_takes_the_new_id_number_and_lets_go_of_the_old()
    {
        var applicant = await house.Applicant("jinsui");
        await Return(applicant);
        var corrected = MadeUp.IdNumber();
        (await applicant.FillIn("identity", applicant.IdentityStep().With("idNumber", corrected))).MustBe(HttpStatusCode.OK);
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);

        (await (await house.Draft("hongyuan", idNumber: corrected)).Submit()).MustBe(HttpStatusCode.Conflict, "id_number_taken");
        (await (await house.Draft("hongyuan", idNumber: applicant.IdNumber)).Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_applicant_may_turn_to_another_union()
    {
        var applicant = await house.Applicant("jinsui");
        await Return(applicant);
        (await applicant.FillIn("work", applicant.WorkStep(await house.UnionId("hongyuan")))).MustBe(HttpStatusCode.OK);
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);

        (await (await house.Officer("jinsui")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Officer("hongyuan")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_what_is_under_review_in_the_version_she_read_is_returned()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var path = $"{applicant.OfficePath}/return";
        (await officer.Post(path, new { version = applicant.Version + 1, reason = "请补充岗位" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        await Return(applicant);
        (await officer.Post(path, new { version = applicant.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.Conflict, "application_not_under_review");
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_returns_once()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var (key, path) = (Guid.NewGuid().ToString("N"), $"{applicant.OfficePath}/return");
        var body = new { version = applicant.Version, reason = "请补充岗位" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => officer.Post(path, body, key)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.NoContent));
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE application_id = '{applicant.ApplicationId}'"));
        (await officer.Post(path, body with { reason = "请补充部门" }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await officer.PostWithoutKey(path, body)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Theory]
    [InlineData("""{"reason":"请补充岗位"}""", "version")]
    [InlineData("""{"version":5}""", "reason")]
    [InlineData("""{"version":5,"reason":"   "}""", "reason")]
    [InlineData("""{"version":5,"reason":"短"}""", "reason")]
    [InlineData("""{"version":5,"reason":17}""", "reason")]
    public async Task A_malformed_return_names_the_field(string body, string field)
    {
        var applicant = await house.Applicant("jinsui");
        var answer = (await (await house.Officer("jinsui")).SendRaw(HttpMethod.Post, $"{applicant.OfficePath}/return", body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Fact]
    public async Task A_reason_has_at_most_three_hundred_characters_and_is_stored_sealed()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var path = $"{applicant.OfficePath}/return";
        (await officer.Post(path, new { version = applicant.Version, reason = new string('补', 301) })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.Post(path, new { version = applicant.Version, reason = new string('补', 300) })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM membership_steps WHERE reason_sealed LIKE '%补补%'"));
    }

    [Fact]
    public async Task Only_officers_in_reach_return()
    {
        var applicant = await house.Applicant("jinsui");
        var (path, body) = ($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "请补充岗位" });
        (await (await house.Officer("hongyuan")).Post(path, body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.Auditor, "county")).Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await applicant.Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Post(path, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    private async Task Return(Applicant applicant)
    {
        (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        applicant.Version++;
    }
}
