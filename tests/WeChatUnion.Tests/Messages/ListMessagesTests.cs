using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

public sealed class ListMessagesOnSqlite(SqliteHouse house) : ListMessagesTests(house), IClassFixture<SqliteHouse>;

public sealed class ListMessagesOnMariaDb(MariaDbHouse house) : ListMessagesTests(house), IClassFixture<MariaDbHouse>;

public abstract class ListMessagesTests(TestHouse house)
{
    [Fact]
    public async Task A_return_and_an_approval_arrive_newest_first_and_nowhere_else()
    {
        var (applicant, colleague) = (await house.Applicant("jinsui"), await house.Applicant("jinsui"));
        await house.Return(applicant, "请补充岗位");
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        var approval = await house.Approve(applicant);

        var inbox = (await applicant.Get("/api/v1/me/messages")).MustBe(HttpStatusCode.OK);

        Assert.Equal(["membership_approved", "membership_returned"], inbox.Items.Select(m => m.Text("kind")));
        Assert.Contains(approval["memberNumber"], inbox.Items[0].Text("text"), StringComparison.Ordinal);
        Assert.Contains(approval["joinedOn"], inbox.Items[0].Text("text"), StringComparison.Ordinal);
        Assert.Equal(approval["membershipId"], inbox.Items[0].Text("recordId"));
        Assert.Contains("请补充岗位", inbox.Items[1].Text("text"), StringComparison.Ordinal);
        Assert.Equal(applicant.ApplicationId, inbox.Items[1].Text("recordId"));
        Assert.EndsWith("+08:00", inbox.Items[0].Text("createdAt"), StringComparison.Ordinal);
        Assert.Empty((await colleague.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task A_rejection_arrives_with_its_reason()
    {
        var applicant = await house.Applicant("jinsui");
        (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位工作" })).MustBe(HttpStatusCode.NoContent);

        var message = Assert.Single((await applicant.Get("/api/v1/me/messages")).Items);
        Assert.Equal("membership_rejected", message.Text("kind"));
        Assert.Contains("不在本单位工作", message.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_decision_sends_nothing()
    {
        var applicant = await house.Applicant("jinsui");
        (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version - 1 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Empty((await applicant.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task Pages_follow_each_other_newest_first()
    {
        var applicant = await house.Applicant("jinsui");
        for (var i = 1; i <= 5; i++)
        {
            await house.Return(applicant, $"第 {i} 次退回");
            (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        }

        var first = (await applicant.Get("/api/v1/me/messages?take=3")).MustBe(HttpStatusCode.OK);
        var second = (await applicant.Get($"/api/v1/me/messages?take=3&after={first.Next}")).MustBe(HttpStatusCode.OK);

        var texts = first.Items.Concat(second.Items).Select(m => m.Text("text")).ToArray();
        Assert.Equal(5, texts.Length);
        for (var i = 0; i < 5; i++)
        {
            Assert.Contains($"第 {5 - i} 次退回", texts[i], StringComparison.Ordinal);
        }

        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("take=0", "take")]
    [InlineData("take=51", "take")]
    [InlineData("after=x", "after")]
    public async Task A_malformed_question_names_the_field(string query, string field) =>
        Assert.Equal([field], (await (await house.Worker()).Get($"/api/v1/me/messages?{query}")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_has_an_inbox()
    {
        (await house.Anonymous().Get("/api/v1/me/messages")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Get("/api/v1/me/messages")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
