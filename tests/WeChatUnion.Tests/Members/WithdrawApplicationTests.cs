using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class WithdrawApplicationOnSqlite(SqliteHouse house) : WithdrawApplicationTests(house), IClassFixture<SqliteHouse>;

public sealed class WithdrawApplicationOnMariaDb(MariaDbHouse house) : WithdrawApplicationTests(house), IClassFixture<MariaDbHouse>;

public abstract class WithdrawApplicationTests(TestHouse house)
{
    private const string Path = $"{Applicant.Application}/withdrawal";

    [Theory]
    [InlineData("draft")]
    [InlineData("submitted")]
    [InlineData("returned")]
    public async Task An_open_application_is_taken_back_and_another_one_may_follow(string state)
    {
        var worker = await InState(state);

        (await worker.Withdraw()).MustBe(HttpStatusCode.NoContent);

        var application = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application");
        Assert.Equal("withdrawn", application.Text("state"));
        Assert.Equal("withdrawal", application.GetProperty("steps").EnumerateArray().Last().Text("kind"));
        Assert.Equal("", (await worker.Get("/api/v1/me"))["applicationState"]);

        worker.Version = null;
        await worker.FillInAll(await house.UnionId("holding"));
        (await worker.Submit()).MustBe(HttpStatusCode.OK);
        await house.Approve(worker);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("withdrawn")]
    [InlineData("rejected")]
    [InlineData("approved")]
    public async Task What_is_not_open_cannot_be_taken_back(string state)
    {
        var worker = await InState(state);
        (await worker.Post(Path, new { version = worker.Version ?? 1 })).MustBe(HttpStatusCode.Conflict, "no_open_application");
    }

    [Fact]
    public async Task Of_a_withdrawal_and_an_approval_at_once_exactly_one_wins()
    {
        var officer = await house.Officer("jinsui");
        for (var run = 0; run < 8; run++)
        {
            var applicant = await house.Applicant("jinsui");

            var withdrawal = applicant.Withdraw();
            var approval = officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version });
            var (withdrawn, approved) = ((await withdrawal).Status == HttpStatusCode.NoContent, (await approval).Status == HttpStatusCode.OK);

            Assert.True(withdrawn ^ approved, $"{(await withdrawal).Text} {(await approval).Text}");
            Assert.True((await withdrawal).Code is null or "changed_meanwhile" or "no_open_application", (await withdrawal).Text);
            Assert.True((await approval).Code is null or "changed_meanwhile" or "application_not_under_review", (await approval).Text);
            Assert.Equal(approved ? 1 : 0, await house.Number($"SELECT COUNT(*) FROM memberships WHERE person_id = '{applicant.PersonId}'"));
            Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE application_id = '{applicant.ApplicationId}'"));
        }
    }

    [Fact]
    public async Task An_officer_who_comes_too_late_is_told_so()
    {
        var applicant = await house.Applicant("jinsui");
        (await applicant.Withdraw()).MustBe(HttpStatusCode.NoContent);

        var answer = (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version }))
            .MustBe(HttpStatusCode.Conflict, "application_not_under_review");

        Assert.Equal("withdrawn", answer.Present.Text("state"));
    }

    [Fact]
    public async Task A_withdrawn_draft_never_was_the_officers_affair()
    {
        var worker = await InState("draft");
        (await worker.Withdraw()).MustBe(HttpStatusCode.NoContent);
        (await (await house.Officer("county")).Get(worker.OfficePath)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_old_version_is_told_what_is_there_now()
    {
        var applicant = await house.Applicant("jinsui");
        var answer = (await applicant.Post(Path, new { version = applicant.Version - 1 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Equal("submitted", answer.Present.Text("state"));
        Assert.Equal($"{applicant.Version}", answer.Present.Text("version"));
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_done_once()
    {
        var applicant = await house.Applicant("jinsui");
        var key = Guid.NewGuid().ToString("N");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => applicant.Withdraw(key)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.NoContent));
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE application_id = '{applicant.ApplicationId}'"));
        (await applicant.Post(Path, new { version = 1 }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await applicant.Withdraw()).MustBe(HttpStatusCode.Conflict, "no_open_application");
        (await applicant.PostWithoutKey(Path, new { version = 1 })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Fact]
    public async Task A_colleagues_withdrawal_leaves_mine_alone()
    {
        var member = await house.Applicant("jinsui");
        var colleague = await house.Applicant("jinsui");
        (await colleague.Withdraw()).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("submitted", (await member.Get("/api/v1/me"))["applicationState"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":true}""")]
    [InlineData("")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await (await house.Worker()).SendRaw(HttpMethod.Post, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_withdraws()
    {
        (await house.Anonymous().Post(Path, new { version = 1 })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Post(Path, new { version = 1 })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private async Task<Applicant> InState(string state)
    {
        if (state is "none")
        {
            return await house.Newcomer();
        }

        var worker = await house.Draft("jinsui");
        if (state is not "draft")
        {
            (await worker.Submit()).MustBe(HttpStatusCode.OK);
        }

        var officer = await house.Officer("jinsui");
        switch (state)
        {
            case "returned":
                (await officer.Post($"{worker.OfficePath}/return", new { version = worker.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
                worker.Version++;
                break;
            case "rejected":
                (await officer.Post($"{worker.OfficePath}/rejection", new { version = worker.Version, reason = "不在本单位工作" })).MustBe(HttpStatusCode.NoContent);
                break;
            case "approved":
                await house.Approve(worker);
                break;
            case "withdrawn":
                (await worker.Withdraw()).MustBe(HttpStatusCode.NoContent);
                break;
        }

        return worker;
    }
}
