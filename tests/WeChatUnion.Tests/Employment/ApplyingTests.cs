using System.Globalization;
using System.Net;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Employment;

public sealed class ApplyingOnSqlite(SqliteHouse house) : ApplyingTests(house), IClassFixture<SqliteHouse>;

public sealed class ApplyingOnMariaDb(MariaDbHouse house) : ApplyingTests(house), IClassFixture<MariaDbHouse>
{
    private readonly MariaDbHouse house = house;

    /// <summary>The control; SQLite lets one write after the other.</summary>
    [Fact]
    public async Task Control_under_a_consent_that_is_only_read_she_applies_after_it_was_taken_back()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("只读同意工"));
        var (worker, personId) = await house.JobSeeker();
        using var unguarded = house.Guards.Off(
            "UPDATE consents SET channel = channel WHERE person_id = @personId AND live_purpose = @purpose", "UPDATE consents SET channel = channel WHERE person_id = @personId");
        (await house.AnswerMeanwhile(db => db.ExecuteAsync(Withdrawal(personId)), () => worker.Put(Path(id), Yes))).MustBe(HttpStatusCode.OK);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM employer_disclosures WHERE person_id = '{personId}'"));
    }

    /// <summary>The control, in a database of its own: neither the vacancy's row nor UNIQUE holds, and what she discloses does already.</summary>
    [Fact]
    public async Task Control_without_its_guards_twenty_at_once_make_several_applications()
    {
        await using var own = new MariaDbHouse();
        await own.InitializeAsync();
        await own.Execute("ALTER TABLE vacancy_applications ADD INDEX control (vacancy_id)");
        await own.DropUniqueOfTwo("vacancy_applications", "vacancy_id", "person_id");
        var (clerk, _, _) = await own.Firm();
        var (worker, personId) = await own.JobSeeker();
        (await worker.Put(Path(await own.Offered(clerk, own.Vacancy("先投递工"))), Yes)).MustBe(HttpStatusCode.OK);
        using var unguarded = own.Guards.Off("AND e.state = 'verified' AND e.verified_until > @now)", "AND e.state = 'verified' AND e.verified_until > @now); COMMIT");
        for (var run = 0; run < 5; run++)
        {
            var id = await own.Offered(clerk, own.Vacancy($"连点工{run}"));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => worker.Put(Path(id), Yes)));
            if (await own.Number($"SELECT COUNT(*) FROM vacancy_applications WHERE vacancy_id = '{id}' AND person_id = '{personId}'") > 1)
            {
                return;
            }
        }

        Assert.Fail("Twenty at once made one application, five times, without any guard.");
    }
}

/// <summary>From the résumé to three months after the contract; and what employers see of whom.</summary>
public abstract class ApplyingTests(TestHouse house)
{
    private const string Resume = "/api/v1/me/resume";
    private const string Mine = "/api/v1/me/applications";
    private const string Disclosures = "/api/v1/me/employer-disclosures";
    private const string Desk = "/api/v1/office/vacancy-applications";
    private protected static readonly object Yes = new { disclosesResume = true };

    [Fact]
    public async Task She_applies_once_and_is_told_each_answer_until_three_months_after()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("应聘流程工"));
        var user = house.NewUser();
        var worker = await house.Worker(user);
        (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.Conflict, "job_seeking_consent_needed");
        (await worker.Put(Resume, new { resume = Firms.Resume() })).MustBe(HttpStatusCode.Conflict, "job_seeking_consent_needed");
        await Firms.Agree(worker, "job_seeking");
        (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.Conflict, "no_resume");
        (await worker.Get(Resume)).MustBe(HttpStatusCode.Conflict, "no_resume");
        (await worker.Put(Resume, new { resume = Firms.Resume() })).MustBe(HttpStatusCode.OK);
        (await worker.Put(Path(id), new { })).MustBe(HttpStatusCode.Conflict, "disclosure_needed");
        var sent = (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        Assert.Equal(sent["id"], (await worker.Put(Path(id), new { })).MustBe(HttpStatusCode.OK)["id"]);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM vacancy_applications WHERE vacancy_id = '{id}'"));

        // The employer looks at it, invites, accepts, hires; each is told with the deed.
        var item = Assert.Single((await clerk.Get($"{Firms.Office}/{id}/applications")).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(("sent", "王*职"), (item.Text("state"), item.Text("name")));
        var path = $"{Desk}/{item.Text("id")}";
        Assert.Equal("seen", (await clerk.Get(path)).MustBe(HttpStatusCode.OK)["state"]);
        (await clerk.Post($"{path}/hiring", new { version = 2, contractOn = Today() })).MustBe(HttpStatusCode.Conflict, "wrong_application_state");
        (await clerk.Post($"{path}/interview", new { version = 2, at = house.Clock.GetUtcNow(), place = "厂部二楼" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var interview = new { version = 2, at = house.Clock.GetUtcNow().AddDays(2), place = "厂部二楼" };
        (await clerk.Post($"{path}/interview", interview)).MustBe(HttpStatusCode.NoContent);
        (await clerk.Post($"{path}/interview", interview)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await clerk.Post($"{path}/acceptance", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        (await clerk.Post($"{path}/hiring", new { version = 4, contractOn = Today(inDays: 1) })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await clerk.Post($"{path}/hiring", new { version = 4, contractOn = Today() })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(["已登记入职", "您已被录用", "收到面试邀请"], (await worker.Get("/api/v1/me/messages")).Items.Take(3).Select(m => m.Text("title")));
        Assert.Equal("1", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["hired"]);
        (await worker.Delete(Path(id))).MustBe(HttpStatusCode.Conflict, "application_decided");
        Assert.Equal(["sent", "seen", "invited", "accepted", "hired"], await house.Words($"SELECT state FROM vacancy_application_steps WHERE application_id = '{item.Text("id")}' ORDER BY id"));

        // Three months later she is asked, once.
        var followUp = $"{Mine}/{item.Text("id")}/follow-up";
        (await worker.Put(followUp, new { isStillThere = true })).MustBe(HttpStatusCode.Conflict, "follow_up_not_due");
        house.Clock.Advance(TimeSpan.FromDays(93));
        worker = await house.Worker(user);
        await RunAsync();
        await RunAsync();
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'application_follow_up' AND record_id = '{item.Text("id")}'"));
        Assert.Equal("True", Assert.Single((await worker.Get(Mine)).Items).Text("asksFollowUp"));
        (await worker.Put(followUp, new { isStillThere = true })).MustBe(HttpStatusCode.NoContent);
        (await worker.Put(followUp, new { isStillThere = true })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(("True", "False"), (Assert.Single((await worker.Get(Mine)).Items).Text("isStillThere"), Assert.Single((await worker.Get(Mine)).Items).Text("asksFollowUp")));
        (await (await house.Worker()).Put(followUp, new { isStillThere = true })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task No_employer_sees_a_phone_or_a_hardship_and_withdrawal_acts_at_once()
    {
        const string Phone = "13937310042";
        var (clerk, employerId, _) = await house.Firm();
        var (stranger, _, _) = await house.Firm();
        var officer = await house.Officer();
        var id = await house.Offered(clerk, house.Vacancy("授权测试工"));
        var (worker, personId) = await house.JobSeeker(phone: Phone);
        var application = (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"];

        var seen = (await clerk.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("", ""), (seen["phone"], seen["hardship"]));
        Assert.DoesNotContain("hardship_family", seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4107210012345", seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Phone, seen.Text, StringComparison.Ordinal);
        (await worker.Put($"{Disclosures}/{employerId}", new { showsPhone = true })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(Phone, (await clerk.Get($"{Desk}/{application}"))["phone"]);
        (await worker.Put($"{Disclosures}/{employerId}", new { showsPhone = false })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", (await clerk.Get($"{Desk}/{application}"))["phone"]);

        // Nobody else, and not the officer of another town.
        (await stranger.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Get($"{Firms.Office}/{id}/applications")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Post($"{Desk}/{application}/acceptance", new { version = 2 })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Officer("zhaipo")).Get($"{Desk}/{application}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Worker()).Put($"{Disclosures}/{employerId}", new { showsPhone = true })).MustBe(HttpStatusCode.NotFound, "not_found");

        // Officers mark whom to help first; the employer's answers stay as they were.
        var before = (await clerk.Get($"{Desk}/{application}")).Text;
        (await officer.Put($"{Desk}/{application}/hardship-mark", new { basis = "zero_employment_family" })).MustBe(HttpStatusCode.NoContent);
        (await officer.Put($"{Desk}/{application}/hardship-mark", new { basis = "zero_employment_family" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM hardship_marks WHERE person_id = '{personId}'"));
        var byOfficer = (await officer.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("zero_employment_family", byOfficer.Body.GetProperty("hardship").Text("basis"));
        Assert.Contains("hardship_family", byOfficer.Text, StringComparison.Ordinal);
        Assert.Equal("True", Assert.Single((await officer.Get($"{Firms.Office}/{id}/applications")).Items).Text("isMarked"));
        Assert.Equal("", Assert.Single((await clerk.Get($"{Firms.Office}/{id}/applications")).Items).Text("isMarked"));
        Assert.Equal(before, (await clerk.Get($"{Desk}/{application}")).Text);
        (await officer.Delete($"{Desk}/{application}/hardship-mark")).MustBe(HttpStatusCode.NoContent);
        Assert.Contains((await worker.Get("/api/v1/me/data-accesses")).Items, a => a.GetRawText().Contains("简历", StringComparison.Ordinal));

        (await worker.Delete($"{Disclosures}/{employerId}")).MustBe(HttpStatusCode.NoContent);
        (await clerk.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.Post($"{Desk}/{application}/acceptance", new { version = 2 })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await clerk.Get($"{Firms.Office}/{id}/applications")).Items);
        Assert.Equal("withdrawn", Assert.Single((await worker.Get(Mine)).Items).Text("state"));
        Assert.NotEqual("", Assert.Single((await worker.Get(Disclosures)).Items).Text("withdrawnAt"));
        (await worker.Put(Path(id), new { })).MustBe(HttpStatusCode.Conflict, "disclosure_needed");

        // She thinks again, then takes the whole consent back: the résumé is gone and nothing is seen any more.
        (await worker.Put(Path(id), new { disclosesResume = true, disclosesPhone = true })).MustBe(HttpStatusCode.OK);
        Assert.Equal(Phone, (await clerk.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.OK)["phone"]);
        (await worker.Delete("/api/v1/me/consents/job_seeking")).MustBe(HttpStatusCode.OK);
        Assert.Empty((await clerk.Get($"{Firms.Office}/{id}/applications")).Items);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM resumes WHERE person_id = '{personId}'"));
        Assert.DoesNotContain(house.Log, l => l.Contains(Phone, StringComparison.Ordinal) || l.Contains("王求职", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("skills", "联系电话13937310042")]
    [InlineData("skills", "电话 １３９ ３７３１ ００４２")]
    [InlineData("skills", "幺三九三七三一零零四二")]
    [InlineData("skills", "电话 +86 139 3731 0042")]
    [InlineData("skills", "008613937310042")]
    [InlineData("skills", "2023-05 13937310042")]
    [InlineData("skills", "139.3731.0042、13937310043")]
    [InlineData("skills", "139\u200b3731\u200b0042")]
    [InlineData("name", "13937310042")]
    [InlineData("occupations", null)]
    [InlineData("education", "999")]
    public async Task A_resume_with_a_phone_in_its_words_or_without_a_wish_is_refused(string field, string? value)
    {
        var (worker, _) = await house.JobSeeker();
        var resume = Firms.Resume();
        resume[field] = value;
        Assert.Contains((await worker.Put(Resume, new { version = 1, resume })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields, f => f.EndsWith(field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2013.05-2019.06 2020.1.3 在岗")]
    [InlineData("2013/5-2014/6,2015/7-2016/8 持证")]
    public async Task Dates_in_a_row_are_no_phone(string skills)
    {
        var (worker, _) = await house.JobSeeker();
        var resume = Firms.Resume();
        resume["skills"] = skills;
        (await worker.Put(Resume, new { version = 1, resume })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_decided_shows_the_firm_nothing_more_and_the_next_application_asks_again()
    {
        var (clerk, employerId, _) = await house.Firm();
        var (id, next) = (await house.Offered(clerk, house.Vacancy("已答复工")), await house.Offered(clerk, house.Vacancy("再投递工")));
        var (worker, _) = await house.JobSeeker("周求职", "13937310044");
        var path = $"{Desk}/{(await worker.Put(Path(id), new { disclosesResume = true, disclosesPhone = true })).MustBe(HttpStatusCode.OK)["id"]}";
        Assert.Equal("13937310044", (await clerk.Get(path)).MustBe(HttpStatusCode.OK)["phone"]);
        (await clerk.Post($"{path}/rejection", new { version = 2, reason = "skills" })).MustBe(HttpStatusCode.NoContent);

        var seen = (await clerk.Get(path)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("周*职", "", ""), (seen["name"], seen["resume"], seen["phone"]));
        Assert.Equal("周求职", (await (await house.Officer()).Get(path)).MustBe(HttpStatusCode.OK)["name"]);
        (await worker.Put(Path(next), new { })).MustBe(HttpStatusCode.Conflict, "disclosure_needed");
        var second = (await worker.Put(Path(next), Yes)).MustBe(HttpStatusCode.OK)["id"];
        Assert.Equal(("周求职", ""), ((await clerk.Get($"{Desk}/{second}"))["name"], (await clerk.Get($"{Desk}/{second}"))["phone"]));
        Assert.Single((await worker.Get(Disclosures)).Items, d => d.Text("employerId") == employerId);
    }

    [Fact]
    public async Task A_firm_that_was_stopped_reads_and_answers_nobody_and_is_told_so()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("停办工"));
        var path = $"{Desk}/{(await (await house.JobSeeker()).Worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}";
        var officer = await house.Officer();
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension", new { reason = "收取押金" })).MustBe(HttpStatusCode.NoContent);

        (await clerk.Get(path)).MustBe(HttpStatusCode.Conflict, "employer_suspended");
        (await clerk.Get($"{Firms.Office}/{id}/applications")).MustBe(HttpStatusCode.Conflict, "employer_suspended");
        (await clerk.Post($"{path}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "employer_suspended");
        (await officer.Get(path)).MustBe(HttpStatusCode.OK);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM messages m JOIN employer_clerks c ON c.person_id = m.person_id WHERE c.employer_id = '{employerId}' AND m.title = '已暂停发布岗位'"));
    }

    [Fact]
    public async Task What_she_takes_back_while_she_applies_is_taken_back()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("同时撤回工"));
        var (worker, personId) = await house.JobSeeker();
        (await house.AnswerMeanwhile(db => db.ExecuteAsync(Withdrawal(personId)), () => worker.Put(Path(id), Yes))).MustBe(HttpStatusCode.Conflict, "job_seeking_consent_needed");
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM employer_disclosures WHERE person_id = '{personId}'"));
    }

    [Fact]
    public async Task A_resume_is_her_own_and_a_change_of_an_older_one_is_refused()
    {
        var (worker, _) = await house.JobSeeker();
        Assert.Equal("王求职", (await worker.Get(Resume)).MustBe(HttpStatusCode.OK).Body.GetProperty("resume").Text("name"));
        Assert.Equal(1, (await worker.Put(Resume, new { version = 7, resume = Firms.Resume() })).MustBe(HttpStatusCode.OK).Version);
        (await worker.Put(Resume, new { version = 7, resume = Firms.Resume("王新名") })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Equal(2, (await worker.Put(Resume, new { version = 1, resume = Firms.Resume("王新名") })).MustBe(HttpStatusCode.OK).Version);
        Assert.DoesNotContain("王新名", await house.Text("SELECT details_sealed FROM resumes ORDER BY id DESC LIMIT 1"), StringComparison.Ordinal);
        Assert.Contains("王新名", (await worker.Get("/api/v1/me/export")).Text, StringComparison.Ordinal);
        (await (await house.Worker()).Get(Resume)).MustBe(HttpStatusCode.Conflict, "no_resume");
    }

    [Fact]
    public async Task At_the_instant_of_its_end_or_when_it_is_paused_nobody_applies_on_any_node()
    {
        var (clerk, employerId, account) = await house.Firm();
        var (ends, paused) = (await house.Offered(clerk, house.Vacancy("到期应聘工")), await house.Offered(clerk, house.Vacancy("暂停应聘工")));
        var (firstUser, secondUser) = (house.NewUser(), house.NewUser());
        var (first, second) = ((await house.JobSeeker(user: firstUser)).Worker, (await house.JobSeeker(user: secondUser)).Worker);
        (await clerk.Post($"{Firms.Office}/{paused}/pause", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        (await first.Put(Path(paused), Yes)).MustBe(HttpStatusCode.Conflict, "vacancy_not_offered");
        var draft = (await clerk.Post(Firms.Office, new { vacancy = house.Vacancy() })).MustBe(HttpStatusCode.Created)["id"];
        (await second.Put(Path(draft), Yes)).MustBe(HttpStatusCode.NotFound, "not_found");

        var endsAt = DateTimeOffset.FromUnixTimeMilliseconds(await house.Number($"SELECT ends_at FROM vacancies WHERE id = '{ends}'"));
        await house.Execute($"UPDATE employers SET verified_until = {endsAt.AddDays(300).ToUnixTimeMilliseconds()} WHERE id = '{employerId}'");
        house.Clock.Advance(endsAt - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        var other = house.AnotherNode();
        var (here, there) = (await house.Worker(firstUser), await house.Worker(secondUser));
        (await here.Put(Path(ends), Yes)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await there.Put(Path(ends), Yes)).MustBe(HttpStatusCode.Conflict, "vacancy_not_offered");
        (await new Person(other.CreateClient(), there.Token).Put(Path(ends), Yes)).MustBe(HttpStatusCode.Conflict, "vacancy_not_offered");

        // Repeating what was in time changes nothing, and the employer may still answer.
        (await here.Put(Path(ends), new { })).MustBe(HttpStatusCode.OK);
        Assert.Single((await (await account.SignIn()).Get($"{Firms.Office}/{ends}/applications")).Items);
    }

    [Fact]
    public async Task Who_gets_no_answer_within_five_working_days_is_told_so_once()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("久等工"));
        var (worker, personId) = await house.JobSeeker();
        var sent = (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        var due = DateTimeOffset.Parse(sent["answerDueAt"], CultureInfo.InvariantCulture);
        Task<long> Told() => house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'application_late' AND person_id = '{personId}'");
        house.Clock.Advance(due - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        await RunAsync();
        Assert.Equal(0, await Told());
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await RunAsync();
        await RunAsync();
        Assert.Equal(1, await Told());
    }

    [Fact]
    public async Task The_last_of_the_headcount_is_hired_by_exactly_one_of_two_and_fills_the_vacancy()
    {
        var (clerk, id, paths, answers) = await HiredAtOnce();
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(a => a.Status).Order());
        Assert.Equal("headcount_reached", answers.Single(a => a.Status == HttpStatusCode.Conflict).Code);
        Assert.Equal("filled", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        var rejected = paths[Array.FindIndex(answers, a => a.Status == HttpStatusCode.Conflict)];
        (await clerk.Post($"{rejected}/rejection", new { version = 2, reason = "too_old" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await clerk.Post($"{rejected}/rejection", new { version = 2, reason = "filled" })).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Control_hirings_that_are_not_counted_are_noticed()
    {
        using var unguarded = house.Guards.Off("SET hired = hired + 1 WHERE id = @vacancyId AND hired + 1 <= headcount", "SET hired = hired WHERE id = @vacancyId");
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], (await HiredAtOnce()).Answers.Select(a => a.Status));
    }

    [Fact]
    public async Task Twenty_at_once_make_one_application_each()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("连点工"));
        var workers = new List<Person>();
        for (var i = 0; i < 10; i++)
        {
            workers.Add((await house.JobSeeker()).Worker);
        }

        var answers = await Task.WhenAll(workers.Concat(workers).Select(w => w.Put(Path(id), Yes)));
        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        Assert.Equal(10, answers.Select(a => a["id"]).Distinct().Count());
        Assert.Equal(10, await house.Number($"SELECT COUNT(DISTINCT person_id) FROM vacancy_applications WHERE vacancy_id = '{id}'"));
        Assert.Equal(10, await house.Number($"SELECT COUNT(*) FROM vacancy_application_steps s JOIN vacancy_applications a ON a.id = s.application_id WHERE a.vacancy_id = '{id}'"));
    }

    [Fact]
    public async Task What_a_firm_writes_to_her_is_read_against_the_law_before_it_is_sent()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("面试地点工"));
        var (worker, personId) = await house.JobSeeker();
        var path = $"{Desk}/{(await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}/interview";
        var at = house.Clock.GetUtcNow().AddDays(2);
        var refused = (await clerk.Post(path, new { version = 1, at, place = "厂部二楼,来时交押金300元" })).MustBe(HttpStatusCode.Conflict, "words_not_allowed");
        Assert.Contains("place", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM messages WHERE person_id = '{personId}' AND kind = 'application_answer'"));
        (await clerk.Post(path, new { version = 1, at, place = "厂部二楼,不收任何押金" })).MustBe(HttpStatusCode.NoContent);
        foreach (var field in new[] { "address", "contactName" })
        {
            var form = house.Vacancy();
            form[field] = "李经办(限男性)";
            var draft = (await clerk.Post(Firms.Office, new { vacancy = form })).MustBe(HttpStatusCode.Created)["id"];
            Assert.Contains((await clerk.Post($"{Firms.Office}/{draft}/submission", new { version = 1 })).Body.GetProperty("findings").EnumerateArray(), f => f.Text("field") == field);
        }
    }

    [Fact]
    public async Task A_hiring_recorded_by_mistake_is_corrected_within_thirty_days_and_counts_no_more()
    {
        var (clerk, employerId, account) = await house.Firm();
        var form = house.Vacancy("误登记工");
        form["headcount"] = 1;
        var id = await house.Offered(clerk, form);
        var user = house.NewUser();
        var (worker, _) = await house.JobSeeker(user: user);
        var application = (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"];
        var (path, correction) = ($"{Desk}/{application}", $"{Desk}/{application}/hiring-correction");
        (await clerk.Post($"{path}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await clerk.Post(correction, new { version = 2, reason = "did_not_start" })).MustBe(HttpStatusCode.Conflict, "wrong_application_state");
        (await clerk.Post($"{path}/hiring", new { version = 2, contractOn = Today() })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("filled", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);

        (await (await house.Firm()).Clerk.Post(correction, new { version = 3, reason = "did_not_start" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.Post(correction, new { version = 3, reason = "too_old" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await clerk.Post(correction, new { version = 2, reason = "did_not_start" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await clerk.Post(correction, new { version = 3, reason = "did_not_start" })).MustBe(HttpStatusCode.NoContent);
        var mine = Assert.Single((await worker.Get(Mine)).Items);
        Assert.Equal(("accepted", ""), (mine.Text("state"), mine.Text("contractOn")));
        Assert.Equal("入职登记已更正", (await worker.Get("/api/v1/me/messages")).Items.First().Text("title"));
        Assert.Equal(["", "", "", "did_not_start"], (await house.Words($"SELECT COALESCE(reason, '') FROM vacancy_application_steps WHERE application_id = '{application}' ORDER BY id")));
        var seen = await house.Anonymous().Get($"{Firms.Seen}/{id}");
        Assert.Equal(("paused", "0"), (seen["offer"], seen["hired"]));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM vacancy_applications WHERE vacancy_id = '{id}' AND (state = 'hired' OR contract_on IS NOT NULL OR follow_up_due_at IS NOT NULL)"));

        // The employer goes on as before, with the right day; once thirty days are over, an officer corrects it.
        (await clerk.Post($"{Firms.Office}/{id}/resumption", new { version = 5 })).MustBe(HttpStatusCode.NoContent);
        (await clerk.Post($"{path}/hiring", new { version = 4, contractOn = Today() })).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromDays(31));
        (await (await account.SignIn()).Post(correction, new { version = 5, reason = "wrong_person" })).MustBe(HttpStatusCode.Conflict, "hiring_correction_over");
        worker = await house.Worker(user);
        (await worker.Delete($"{Disclosures}/{employerId}")).MustBe(HttpStatusCode.NoContent);
        (await (await house.Officer()).Post(correction, new { version = 5, reason = "wrong_person" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("withdrawn", Assert.Single((await worker.Get(Mine)).Items).Text("state"));
    }

    [Fact]
    public async Task What_she_disclosed_ends_thirty_one_days_after_the_last_answer_and_a_year_after_none()
    {
        var (clerk, employerId, account) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("授权期限工"));
        var user = house.NewUser();
        var (decided, decidedId) = await house.JobSeeker(user: user);
        var (waiting, waitingId) = await house.JobSeeker();
        var path = $"{Desk}/{(await decided.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}";
        (await waiting.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        (await clerk.Post($"{path}/rejection", new { version = 1, reason = "skills" })).MustBe(HttpStatusCode.NoContent);
        async Task<(long Decided, long Waiting)> Live()
        {
            await house.Services.GetRequiredService<EndDisclosures>().RunAsync(CancellationToken.None);
            Task<long> Of(string personId) => house.Number($"SELECT COUNT(*) FROM employer_disclosures WHERE live_person_id = '{personId}' AND employer_id = '{employerId}'");
            return (await Of(decidedId), await Of(waitingId));
        }

        house.Clock.Advance(TimeSpan.FromDays(31) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 1), await Live());
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1), await Live());
        (await (await account.SignIn()).Get(path)).MustBe(HttpStatusCode.NotFound, "not_found");
        decided = await house.Worker(user);
        Assert.NotEqual("", Assert.Single((await decided.Get(Disclosures)).Items).Text("withdrawnAt"));
        Assert.Equal("unsuitable", Assert.Single((await decided.Get(Mine)).Items).Text("state"));
        house.Clock.Advance(TimeSpan.FromDays(335));
        Assert.Equal((0, 0), await Live());

        // What nobody sees any more holds no place.
        Assert.Equal("withdrawn", await house.Text($"SELECT state FROM vacancy_applications WHERE person_id = '{waitingId}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM messages WHERE person_id = '{waitingId}' AND title = '投递已自动撤回'"));
    }

    [Fact]
    public async Task Nobody_decides_her_own_application()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("自办投递工"));
        var (worker, personId) = await house.JobSeeker();
        var path = $"{Desk}/{(await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}";
        var name = $"own-application-{Guid.NewGuid():N}"[..30];
        await house.AddStaffAsync(name, Role.EmploymentOfficer, "county", personId);
        var officer = await house.SignInStaff(name);
        (await officer.Post($"{path}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "own_vacancy_application");
        (await officer.Post($"{path}/rejection", new { version = 1, reason = "skills" })).MustBe(HttpStatusCode.Conflict, "own_vacancy_application");
        (await officer.Put($"{path}/hardship-mark", new { basis = "zero_employment_family" })).MustBe(HttpStatusCode.Conflict, "own_vacancy_application");
        (await clerk.Post($"{path}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await clerk.Post($"{path}/hiring", new { version = 2, contractOn = Today() })).MustBe(HttpStatusCode.NoContent);
        (await officer.Post($"{path}/hiring-correction", new { version = 3, reason = "did_not_start" })).MustBe(HttpStatusCode.Conflict, "own_vacancy_application");
    }

    [Fact]
    public async Task An_application_that_is_sent_again_is_news_only_to_a_firm_that_knows_of_its_withdrawal()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("反复投递工"));
        var (worker, _) = await house.JobSeeker();
        Task<List<string>> Told() => house.Words(
            $"SELECT m.title FROM messages m JOIN employer_clerks c ON c.person_id = m.person_id WHERE c.employer_id = '{employerId}' AND m.record_id = '{id}' AND m.title LIKE '%投递%' ORDER BY m.id");
        var application = (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"];
        for (var i = 0; i < 3; i++)
        {
            (await worker.Delete(Path(id))).MustBe(HttpStatusCode.NoContent);
            (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        }

        Assert.Equal(["收到新的投递"], await Told());
        (await clerk.Get($"{Desk}/{application}")).MustBe(HttpStatusCode.OK);
        (await worker.Delete(Path(id))).MustBe(HttpStatusCode.NoContent);
        (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        Assert.Equal(["收到新的投递", "一份投递已撤回", "收到新的投递"], await Told());
    }

    [Fact]
    public async Task A_resume_goes_after_a_year_without_change_an_application_after_three_and_both_with_her_erasure()
    {
        var (clerk, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("留存期工"));
        var (_, old) = await house.JobSeeker();
        var (worker, erased) = await house.JobSeeker("李删除");
        (await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK);
        await house.Database.TransactAsync(
            db => house.Services.GetRequiredService<Erasing>().EraseAsync(db, erased, house.Clock.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None), CancellationToken.None);
        foreach (var table in new[] { "resumes", "vacancy_applications" })
        {
            Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM {table} WHERE person_id = '{erased}'"));
        }

        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM employer_disclosures WHERE live_person_id = '{erased}'"));
        house.Clock.Advance(TimeSpan.FromDays(365) - TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM resumes WHERE person_id = '{old}'"));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM resumes WHERE person_id = '{old}'"));
    }

    /// <summary>Two are accepted for two posts, of which one falls away; both are hired at once.</summary>
    private async Task<(Person Clerk, string Vacancy, List<string> Paths, Answer[] Answers)> HiredAtOnce()
    {
        var (clerk, _, _) = await house.Firm();
        var form = house.Vacancy("独一岗位工");
        form["headcount"] = 2;
        var id = await house.Offered(clerk, form);
        var paths = new List<string>();
        foreach (var _ in new[] { 1, 2 })
        {
            var worker = (await house.JobSeeker()).Worker;
            paths.Add($"{Desk}/{(await worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}");
            (await clerk.Post($"{paths[^1]}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        }

        var third = $"{Desk}/{(await (await house.JobSeeker()).Worker.Put(Path(id), Yes)).MustBe(HttpStatusCode.OK)["id"]}";
        (await clerk.Post($"{third}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "headcount_reached");
        await house.Execute($"UPDATE vacancies SET headcount = 1 WHERE id = '{id}'");
        return (clerk, id, paths, await Task.WhenAll(paths.Select(p => clerk.Post($"{p}/hiring", new { version = 2, contractOn = Today() }))));
    }

    private protected static string Withdrawal(string personId) =>
        $"UPDATE consents SET live_purpose = NULL, withdrawn_at = 1 WHERE person_id = '{personId}' AND live_purpose = 'job_seeking'";

    private protected static string Path(string vacancyId) => $"{Firms.Seen}/{vacancyId}/application";

    private string Today(int inDays = 0) => house.Clock.GetUtcNow().AddHours(8).AddDays(inDays).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task RunAsync() => house.Services.GetRequiredService<FollowUps>().RunAsync(CancellationToken.None);
}
