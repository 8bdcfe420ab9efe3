using System.Globalization;
using System.Net;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Employment.Complaints;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Employment;

public sealed class ComplaintsOnSqlite(SqliteHouse house) : ComplaintTests(house), IClassFixture<SqliteHouse>;

public sealed class ComplaintsOnMariaDb(MariaDbHouse house) : ComplaintTests(house), IClassFixture<MariaDbHouse>
{
    private readonly MariaDbHouse house = house;

    /// <summary>The control; SQLite lets one write after the other.</summary>
    [Fact]
    public async Task Control_without_the_firms_row_first_the_third_is_not_noticed()
    {
        using var unguarded = house.Guards.Off(
            "UPDATE employers SET updated_at = @now WHERE id = (SELECT c.employer_id FROM vacancy_complaints c WHERE c.id = @id)", "SELECT @now, @id");
        Assert.Equal("False", (await ThirdMeanwhile())["isSuspended"]);
    }
}

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
    public async Task A_public_holiday_among_the_five_working_days_makes_it_overdue_a_day_later()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("节后投诉工"));
        var usual = (await MadeAsync(id)).Due;
        var today = DateOnly.FromDateTime(house.Clock.GetUtcNow().AddHours(8).DateTime);
        var holiday = Enumerable.Range(1, 3).Select(today.AddDays).First(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        await house.Execute($"INSERT INTO calendar_days (day, kind, name) VALUES ('{Stored(holiday)}', 'holiday', '补休')");
        try
        {
            var (made, due) = await MadeAsync(id);
            Assert.Equal(Enumerable.Range(1, 4).Select(usual.AddDays).First(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)), due);
            MoveTo(due);
            var officer = await house.Officer();
            Assert.Equal("0", (await officer.Get($"{Desk}?take=50")).Items.Single(i => i.Text("id") == made).Text("workingDaysLeft"));
            Assert.DoesNotContain(made, (await officer.Get($"{Desk}?overdue=true&take=50")).Ids);
            MoveTo(due.AddDays(1));
            Assert.Contains(made, (await (await house.Officer()).Get($"{Desk}?overdue=true&take=50")).Ids);
        }
        finally
        {
            await house.Execute($"DELETE FROM calendar_days WHERE day = '{Stored(holiday)}'");
        }
    }

    [Fact]
    public async Task The_officers_of_the_place_are_told_of_a_new_complaint_of_its_last_day_and_when_it_is_overdue()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("提醒工"));
        foreach (var union in new[] { "county", "xiaoji", "zhaipo" })
        {
            await house.Officer(union);
        }

        var (made, due) = await MadeAsync(id);
        async Task<string> Told() => string.Join(' ', await house.Words(
            $"SELECT CONCAT(a.name, ':', m.title) FROM messages m JOIN staff_accounts a ON a.person_id = m.person_id WHERE m.kind = 'vacancy_complaint' AND m.record_id = '{made}' AND a.name LIKE 'employmentofficer-%' ORDER BY m.title, a.name"));
        const string New = "employmentofficer-county:收到新的岗位投诉 employmentofficer-xiaoji:收到新的岗位投诉";
        const string Last = "employmentofficer-county:岗位投诉今天到期 employmentofficer-xiaoji:岗位投诉今天到期";
        const string Late = "employmentofficer-county:岗位投诉超过时限 employmentofficer-xiaoji:岗位投诉超过时限";
        await RemindAsync();
        Assert.Equal(New, await Told());
        MoveTo(due);
        await RemindAsync();
        await RemindAsync();
        Assert.Equal([.. $"{Last} {New}".Split(' ').Order()], (await Told()).Split(' ').Order());
        MoveTo(due.AddDays(1));
        await RemindAsync();
        await RemindAsync();
        Assert.Equal([.. $"{Last} {Late} {New}".Split(' ').Order()], (await Told()).Split(' ').Order());

        // Whoever complained is named to none of them, and reads who looked.
        var officer = await house.Officer();
        (await officer.Get($"{Desk}?take=50")).MustBe(HttpStatusCode.OK);
        Assert.True(await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'read_vacancy_complaints' AND record_id = '{made}' AND subject_id = (SELECT person_id FROM vacancy_complaints WHERE id = '{made}')") > 0);
    }

    [Fact]
    public async Task A_complaint_that_proves_right_takes_the_vacancy_off_show_unless_the_officer_leaves_it()
    {
        var (clerk, employerId, _) = await house.Firm();
        var (gone, stays) = (await house.Offered(clerk, house.Vacancy("属实下架工")), await house.Offered(clerk, house.Vacancy("属实保留工")));
        var officer = await house.Officer();
        var (worker, _) = await house.JobSeeker();
        (await worker.Put($"{Firms.Seen}/{gone}/application", new { disclosesResume = true })).MustBe(HttpStatusCode.OK);
        var complaint = (await worker.Post($"{Firms.Seen}/{gone}/complaints", Words())).MustBe(HttpStatusCode.Created)["id"];
        var decided = (await officer.Post($"{Desk}/{complaint}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK);
        Assert.Equal(("1", "False", "True"), (decided["proven"], decided["isSuspended"], decided["isTakenDown"]));
        Assert.Equal("withdrawn", (await house.Anonymous().Get($"{Firms.Seen}/{gone}"))["offer"]);
        Assert.Equal("taking_down", (await clerk.Get($"{Firms.Office}/{gone}")).Body.GetProperty("steps").EnumerateArray().Last().Text("kind"));

        Assert.Contains((await worker.Get("/api/v1/me/messages")).Items, m => m.Text("title") == "您投递的岗位已下架");

        var left = (await officer.Post($"{Desk}/{(await MadeAsync(stays)).Id}/decision", Decision("proven", leavesVacancy: true))).MustBe(HttpStatusCode.OK);
        Assert.Equal(("2", "False", "False"), (left["proven"], left["isSuspended"], left["isTakenDown"]));
        Assert.Equal("open", (await house.Anonymous().Get($"{Firms.Seen}/{stays}"))["offer"]);
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM messages m JOIN employer_clerks c ON c.person_id = m.person_id WHERE c.employer_id = '{employerId}' AND m.title = '有一起岗位投诉属实'"));

        // One that is unfounded changes nothing.
        (await officer.Post($"{Desk}/{(await MadeAsync(stays)).Id}/decision", Decision("unfounded"))).MustBe(HttpStatusCode.OK);
        Assert.Equal("open", (await house.Anonymous().Get($"{Firms.Seen}/{stays}"))["offer"]);
    }

    [Fact]
    public async Task Nobody_decides_her_own_complaint()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("自诉工"));
        var worker = await house.Worker();
        var name = $"own-complaint-{Guid.NewGuid():N}"[..30];
        await house.AddStaffAsync(name, Role.EmploymentOfficer, "county", (await worker.Get("/api/v1/me"))["personId"]);
        var made = (await worker.Post($"{Firms.Seen}/{id}/complaints", Words())).MustBe(HttpStatusCode.Created)["id"];
        (await (await house.SignInStaff(name)).Post($"{Desk}/{made}/decision", Decision("proven"))).MustBe(HttpStatusCode.Conflict, "own_complaint");
        (await (await house.Officer()).Post($"{Desk}/{made}/decision", Decision("unfounded"))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_count_towards_suspension_stays_when_whoever_complained_is_erased() => Assert.Equal("2", await ProvenAfterErasing());

    [Fact]
    public async Task Control_counted_from_the_complaints_themselves_it_would_go_with_her()
    {
        using var unguarded = house.Guards.Off("FROM proven_complaints p", "FROM (SELECT employer_id, decided_at AS at FROM vacancy_complaints WHERE state = 'proven') p");
        Assert.Equal("1", await ProvenAfterErasing());
    }

    [Fact]
    public async Task The_third_complaint_that_proves_right_suspends_the_firm_also_when_two_decide_at_once()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("三次投诉工"));
        var officer = await house.Officer();
        var complaints = new[] { (await MadeAsync(id)).Id, (await MadeAsync(id)).Id, (await MadeAsync(id)).Id };
        Assert.Equal("False", (await officer.Post($"{Desk}/{complaints[0]}/decision", Decision("proven", leavesVacancy: true))).MustBe(HttpStatusCode.OK)["isSuspended"]);
        await Task.WhenAll(complaints.Skip(1).Select(async c => (await officer.Post($"{Desk}/{c}/decision", Decision("proven", leavesVacancy: true))).MustBe(HttpStatusCode.OK)));
        Assert.Equal("withdrawn", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM employer_steps WHERE employer_id = '{employerId}' AND kind = 'suspension'"));

        // After lifting it counts from nothing.
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension-lifting", new { reason = "整改完成" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("open", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = (await officer.Post($"{Desk}/{(await MadeAsync(id)).Id}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK);
        Assert.Equal(("1", "False"), (next["proven"], next["isSuspended"]));
    }

    [Fact]
    public async Task The_third_is_noticed_while_another_decision_stands_uncommitted() => Assert.Equal("True", (await ThirdMeanwhile())["isSuspended"]);

    /// <summary>One has proved right; the second one's decision is not committed yet when the third is decided.</summary>
    private protected async Task<Answer> ThirdMeanwhile()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("同时裁定工"));
        var officer = await house.Officer();
        (await officer.Post($"{Desk}/{(await MadeAsync(id)).Id}/decision", Decision("proven", leavesVacancy: true))).MustBe(HttpStatusCode.OK);
        var third = (await MadeAsync(id)).Id;
        return (await house.AnswerMeanwhile(
            db => db.InsertAsync(new ProvenComplaintRow { Id = Ids.New(), EmployerId = employerId, VacancyId = id, At = house.Clock.Milliseconds() }),
            () => officer.Post($"{Desk}/{third}/decision", Decision("proven", leavesVacancy: true)))).MustBe(HttpStatusCode.OK);
    }

    /// <summary>How many count after the second proves right, when whoever made the first has been erased.</summary>
    private async Task<string> ProvenAfterErasing()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("注销投诉工"));
        var officer = await house.Officer();
        var (first, _) = await MadeAsync(id);
        var complainant = await house.Text($"SELECT person_id FROM vacancy_complaints WHERE id = '{first}'");
        (await officer.Post($"{Desk}/{first}/decision", Decision("proven", leavesVacancy: true))).MustBe(HttpStatusCode.OK);
        await house.Database.TransactAsync(
            db => house.Services.GetRequiredService<Erasing>().EraseAsync(db, complainant, house.Clock.Milliseconds(), CancellationToken.None), CancellationToken.None);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM vacancy_complaints WHERE id = '{first}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM proven_complaints WHERE id = '{first}' OR vacancy_id = '{complainant}'"));
        return (await officer.Post($"{Desk}/{(await MadeAsync(id)).Id}/decision", Decision("proven"))).MustBe(HttpStatusCode.OK)["proven"];
    }

    private async Task<(string Id, DateOnly Due)> MadeAsync(string vacancyId)
    {
        var made = (await (await house.Worker()).Post($"{Firms.Seen}/{vacancyId}/complaints", Words())).MustBe(HttpStatusCode.Created);
        return (made["id"], DateOnly.Parse(made["dueOn"], CultureInfo.InvariantCulture));
    }

    /// <summary>To the first instant of a day.</summary>
    private void MoveTo(DateOnly day) =>
        house.Clock.Advance(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)) - house.Clock.GetUtcNow());

    private Task RemindAsync() => house.Services.GetRequiredService<RemindOfComplaints>().RunAsync(CancellationToken.None);

    private static string Stored(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static object Words() => new { kind = "fees", text = "面试时要求交押金" };

    private static object Decision(string state, int version = 1, bool? leavesVacancy = null) => new { version, state, answer = "已核查,见说明", leavesVacancy };
}
