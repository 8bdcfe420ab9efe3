using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class RejectApplicationOnSqlite(SqliteHouse house) : RejectApplicationTests(house), IClassFixture<SqliteHouse>;

public sealed class RejectApplicationOnMariaDb(MariaDbHouse house) : RejectApplicationTests(house), IClassFixture<MariaDbHouse>;

public abstract class RejectApplicationTests(TestHouse house)
{
    [Fact]
    public async Task A_rejected_applicant_reads_why_and_may_apply_again()
    {
        var applicant = await house.Applicant("jinsui");
        await Reject(applicant);

        var rejected = (await applicant.Get("/api/v1/me/membership")).Body.GetProperty("application");
        Assert.Equal("rejected", rejected.Text("state"));
        Assert.Equal("不在本单位工作", rejected.GetProperty("steps").EnumerateArray().Last().Text("reason"));

        var first = applicant.ApplicationId;
        applicant.Version = null;
        (await applicant.FillIn("work", applicant.WorkStep(await house.UnionId("hongyuan")))).MustBe(HttpStatusCode.OK);
        await applicant.FillInAll(await house.UnionId("hongyuan"));
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        Assert.NotEqual(first, applicant.ApplicationId);
        await house.Approve(applicant);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM membership_applications WHERE id = '{first}' AND state = 'rejected'"));
    }

    [Fact]
    public async Task A_new_application_is_not_opened_by_a_step_that_speaks_of_the_old_one()
    {
        var applicant = await house.Applicant("jinsui");
        await Reject(applicant);

        (await applicant.Put($"{Applicant.Application}/profile", applicant.ProfileStep().With("education", "21"))).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");

        Assert.Equal("rejected", (await applicant.Get("/api/v1/me/membership")).Body.GetProperty("application").Text("state"));
    }

    [Fact]
    public async Task The_id_number_is_free_again()
    {
        var applicant = await house.Applicant("jinsui");
        await Reject(applicant);
        (await (await house.Draft("hongyuan", idNumber: applicant.IdNumber)).Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_what_is_under_review_in_the_version_she_read_is_rejected()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var path = $"{applicant.OfficePath}/rejection";
        (await officer.Post(path, new { version = applicant.Version + 1, reason = "不在本单位" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        await Reject(applicant);
        (await officer.Post(path, new { version = applicant.Version + 1, reason = "不在本单位" })).MustBe(HttpStatusCode.Conflict, "application_not_under_review");
        (await officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version + 1 })).MustBe(HttpStatusCode.Conflict, "application_not_under_review");
    }

    [Fact]
    public async Task Of_an_approval_and_a_rejection_at_once_exactly_one_wins()
    {
        var officer = await house.Officer("county");
        for (var run = 0; run < 5; run++)
        {
            var applicant = await house.Applicant("jinsui");
            var answers = await Task.WhenAll(
                officer.Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位" }),
                officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version }));

            Assert.Single(answers, a => a.Status is HttpStatusCode.OK or HttpStatusCode.NoContent);
            Assert.Single(answers, a => a.Status == HttpStatusCode.Conflict);
        }
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_rejects_once()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var (key, path) = (Guid.NewGuid().ToString("N"), $"{applicant.OfficePath}/rejection");
        var body = new { version = applicant.Version, reason = "不在本单位" };
        (await officer.Post(path, body, key)).MustBe(HttpStatusCode.NoContent);
        (await officer.Post(path, body, key)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE application_id = '{applicant.ApplicationId}'"));
        (await officer.PostWithoutKey(path, body)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Fact]
    public async Task A_rejection_needs_a_reason()
    {
        var applicant = await house.Applicant("jinsui");
        var answer = (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version }))
            .MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal(["reason"], answer.WrongFields);
    }

    [Fact]
    public async Task Only_officers_in_reach_reject()
    {
        var applicant = await house.Applicant("jinsui");
        var (path, body) = ($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位" });
        (await (await house.Officer("hongyuan")).Post(path, body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.Counsellor, "county")).Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await applicant.Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Post(path, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    private async Task Reject(Applicant applicant) =>
        (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位工作" })).MustBe(HttpStatusCode.NoContent);
}
