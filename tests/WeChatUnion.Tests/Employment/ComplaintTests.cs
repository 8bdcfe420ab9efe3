using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

public sealed class ComplaintsOnSqlite(SqliteHouse house) : ComplaintTests(house), IClassFixture<SqliteHouse>;

public sealed class ComplaintsOnMariaDb(MariaDbHouse house) : ComplaintTests(house), IClassFixture<MariaDbHouse>;

public abstract class ComplaintTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/vacancy-complaints";
    private const string Desk = "/api/v1/office/vacancy-complaints";

    [Fact]
    public async Task A_complaint_is_answered_by_an_officer_of_the_place_and_its_outcome_told()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("投诉测试工"));
        var (worker, stranger, officer) = (await house.Worker(), await house.Worker(), await house.Officer());
        var draft = (await clerk.Post(Firms.Office, new { vacancy = house.Vacancy() })).MustBe(HttpStatusCode.Created)["id"];
        (await worker.Post($"{Firms.Seen}/{draft}/complaints", Words())).MustBe(HttpStatusCode.NotFound, "not_found");
        (await worker.Post($"{Firms.Seen}/{id}/complaints", new { kind = "too_far", text = "面试时要求交押金" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var made = (await worker.Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Created);
        (await worker.Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Conflict, "complaint_open");
        Assert.DoesNotContain("押金", await house.Text($"SELECT text_sealed FROM vacancy_complaints WHERE id = '{made["id"]}'"), StringComparison.Ordinal);

        // Only officers in whose reach the firm lies; nobody reads who it was.
        (await clerk.Get(Desk)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        Assert.DoesNotContain(made["id"], (await (await house.Officer("zhaipo")).Get(Desk)).MustBe(HttpStatusCode.OK).Ids);
        (await (await house.Officer("zhaipo")).Post($"{Desk}/{made["id"]}/decision", Decision("proven"))).MustBe(HttpStatusCode.NotFound, "not_found");
        var listed = (await officer.Get($"{Desk}?take=50")).MustBe(HttpStatusCode.OK);
        var item = listed.Items.Single(i => i.Text("id") == made["id"]);
        Assert.Equal(("5", "False"), (item.Text("workingDaysLeft"), item.Text("isOverdue")));
        Assert.DoesNotContain((await worker.Get("/api/v1/me"))["personId"], listed.Text, StringComparison.Ordinal);
        Assert.Empty((await stranger.Get(Mine)).Items);

        (await officer.Post($"{Desk}/{made["id"]}/decision", Decision("open"))).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.Post($"{Desk}/{made["id"]}/decision", Decision("unfounded", 2))).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await officer.Post($"{Desk}/{made["id"]}/decision", Decision("unfounded"))).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{Desk}/{made["id"]}/decision", Decision("proven", 2))).MustBe(HttpStatusCode.Conflict, "complaint_decided_already");
        var mine = Assert.Single((await worker.Get(Mine)).Items);
        Assert.Equal(("unfounded", "已核查,见说明"), (mine.Text("state"), mine.Text("answer")));
        Assert.Contains((await worker.Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "complaint_decided");
        (await worker.Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task After_five_working_days_of_the_holiday_table_it_is_overdue()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("超期投诉工"));
        var made = (await (await house.Worker()).Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Created);
        var due = DateOnly.Parse(made["dueOn"], System.Globalization.CultureInfo.InvariantCulture);
        var lastInstant = new DateTimeOffset(due.ToDateTime(TimeOnly.MinValue).AddDays(1), TimeSpan.FromHours(8)).AddMilliseconds(-1);
        house.Clock.Advance(lastInstant - house.Clock.GetUtcNow());
        Assert.DoesNotContain(made["id"], (await (await house.Officer()).Get($"{Desk}?overdue=true&take=50")).Ids);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var late = (await (await house.Officer()).Get($"{Desk}?overdue=true&take=50")).MustBe(HttpStatusCode.OK).Items.Single(i => i.Text("id") == made["id"]);
        Assert.Equal("True", late.Text("isOverdue"));
    }

    [Fact]
    public async Task The_third_complaint_that_proves_right_suspends_the_firm_also_when_two_decide_at_once()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("三次投诉工"));
        var officer = await house.Officer();
        async Task<string[]> Complain(int count)
        {
            var ids = new string[count];
            for (var i = 0; i < count; i++)
            {
                ids[i] = (await (await house.Worker()).Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Created)["id"];
            }

            return ids;
        }

        var complaints = await Complain(3);
        Assert.Equal("False", (await officer.Post($"{Desk}/{complaints[0]}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK)["isSuspended"]);
        await Task.WhenAll(complaints.Skip(1).Select(async c => (await officer.Post($"{Desk}/{c}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK)));
        Assert.Equal("withdrawn", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM employer_steps WHERE employer_id = '{employerId}' AND kind = 'suspension'"));

        // After lifting it counts from nothing.
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension-lifting", new { reason = "整改完成" })).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = (await officer.Post($"{Desk}/{(await Complain(1))[0]}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK);
        Assert.Equal(("1", "False"), (next["proven"], next["isSuspended"]));
    }

    private static object Words() => new { kind = "fees", text = "面试时要求交押金" };

    private static object Decision(string state, int version = 1) => new { version, state, answer = "已核查,见说明" };
}
