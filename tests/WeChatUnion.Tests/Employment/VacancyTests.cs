using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

public sealed class VacanciesOnSqlite(SqliteHouse house) : VacancyTests(house), IClassFixture<SqliteHouse>;

public sealed class VacanciesOnMariaDb(MariaDbHouse house) : VacancyTests(house), IClassFixture<MariaDbHouse>;

public abstract class VacancyTests(TestHouse house)
{
    [Fact]
    public async Task An_unlawful_phrase_is_found_sent_back_corrected_published_and_found_by_two_characters()
    {
        var (clerk, _, _) = await house.Firm();
        var (officer, elsewhere) = (await house.Officer(), await house.Officer("zhaipo"));
        var form = house.Vacancy("纸箱码垛工", "负责码垛。限 男 性。");
        var id = (await clerk.Post(Firms.Office, new { vacancy = form })).MustBe(HttpStatusCode.Created)["id"];
        (await house.Anonymous().Get($"{Firms.Seen}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        var submitted = (await clerk.Post($"{Firms.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.OK);
        var finding = Assert.Single(submitted.Body.GetProperty("findings").EnumerateArray());
        Assert.Equal(("duties", "sex", "block", 5, "限 男"), (finding.Text("field"), finding.Text("class"), finding.Text("level"), finding.GetProperty("start").GetInt32(), finding.Text("words")));
        Assert.Contains("妇女权益保障法", finding.Text("law"), StringComparison.Ordinal);

        (await elsewhere.Get($"{Firms.Office}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await officer.Post($"{Firms.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "findings_stand");
        (await officer.Post($"{Firms.Office}/{id}/return", new { version = 2, reason = "请删去性别要求" })).MustBe(HttpStatusCode.NoContent);
        (await officer.Post($"{Firms.Office}/{id}/return", new { version = 3, reason = "请删去性别要求" })).MustBe(HttpStatusCode.Conflict, "wrong_vacancy_state");
        form["duties"] = "负责码垛,男女不限。";
        (await clerk.Put($"{Firms.Office}/{id}", new { version = 2, vacancy = form })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await clerk.Put($"{Firms.Office}/{id}", new { version = 3, vacancy = form })).MustBe(HttpStatusCode.OK);
        Assert.Empty((await clerk.Post($"{Firms.Office}/{id}/submission", new { version = 4 })).MustBe(HttpStatusCode.OK).Body.GetProperty("findings").EnumerateArray());
        (await officer.Post($"{Firms.Office}/{id}/approval", new { version = 5 })).MustBe(HttpStatusCode.NoContent);

        Assert.Contains(id, (await house.Anonymous().Get($"{Firms.Seen}?q=码垛")).Ids);
        Assert.Equal("open", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        var opened = (await officer.Get($"{Firms.Office}/{id}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["submission 1", "return 1", "submission 0", "approval 0"], opened.Body.GetProperty("steps").EnumerateArray().Select(s => $"{s.Text("kind")} {s.Text("blocks")}"));
    }

    [Fact]
    public async Task An_officer_overrules_the_machine_in_writing()
    {
        var (clerk, _, _) = await house.Firm();
        var form = house.Vacancy("井下采煤工", "矿山井下作业,仅限男性。");
        form["protectedWork"] = "mine";
        var id = await clerk.Submitted(form);
        (await (await house.Officer()).Post($"{Firms.Office}/{id}/approval", new { version = 2, overruling = "女职工劳动保护特别规定附录:矿山井下作业" })).MustBe(HttpStatusCode.NoContent);
        var steps = (await clerk.Get($"{Firms.Office}/{id}")).Body.GetProperty("steps").EnumerateArray().Last();
        Assert.Equal(("approval", "1"), (steps.Text("kind"), steps.Text("blocks")));
        Assert.Contains("矿山井下", steps.Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_vacancy_is_said_by_field()
    {
        var (clerk, _, _) = await house.Firm();
        foreach (var (field, value) in new (string, object?)[]
        {
            ("title", null), ("title", "工"), ("occupation", "9-99"), ("headcount", 0), ("headcount", 10_000), ("form", "casual"), ("payLow", 100_000), ("payHigh", 340_000), ("payHigh", 1_100_000),
            ("probationMonths", 3), ("leastAge", 15), ("endsOn", "2026-11-01"), ("endsOn", "2027-06-01"), ("divisionCode", "999999"), ("contactPhone", "微信"), ("duties", new string('长', 501)), ("source", "union"), ("sex", "male"),
        })
        {
            var form = house.Vacancy();
            form[field] = value;
            var answer = (await clerk.Post(Firms.Office, new { vacancy = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
            Assert.Contains(answer.WrongFields, f => f.Contains(field, StringComparison.Ordinal) || f == "vacancy");
        }
    }

    [Fact]
    public async Task At_the_instant_of_its_end_it_is_shown_nowhere_on_any_node()
    {
        var (clerk, _, account) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("到期裁切工"));
        var other = house.AnotherNode().CreateClient();
        async Task<bool> IsFound(string path)
        {
            var here = (await house.Anonymous().Get(path)).Text.Contains(id, StringComparison.Ordinal);
            var there = (await other.GetStringAsync(path)).Contains(id, StringComparison.Ordinal);
            Assert.Equal(here, there);
            return here;
        }

        Assert.True(await IsFound($"{Firms.Seen}?q=裁切"));
        house.Clock.Advance(new DateTimeOffset(DateTimeOffset.Parse((await house.Text($"SELECT ends_on FROM vacancies WHERE id = '{id}'")) + "T23:59:59.999+08:00", System.Globalization.CultureInfo.InvariantCulture).UtcDateTime) - house.Clock.GetUtcNow());
        Assert.True(await IsFound($"{Firms.Seen}?q=裁切"));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await IsFound($"{Firms.Seen}?q=裁切"));
        Assert.Equal("ended", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);

        // One tap brings it back.
        clerk = await account.SignIn();
        (await clerk.Post($"{Firms.Office}/{id}/renewal", new { version = 3 })).MustBe(HttpStatusCode.OK);
        Assert.True(await IsFound($"{Firms.Seen}?q=裁切"));
    }

    [Fact]
    public async Task What_is_paused_when_its_end_comes_is_renewed_and_then_resumed()
    {
        var (clerk, _, account) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("暂停续期工"));
        (await clerk.Post($"{Firms.Office}/{id}/pause", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromDays(32));
        clerk = await account.SignIn();
        (await clerk.Post($"{Firms.Office}/{id}/resumption", new { version = 4 })).MustBe(HttpStatusCode.Conflict, "vacancy_ended");
        (await clerk.Post($"{Firms.Office}/{id}/renewal", new { version = 4 })).MustBe(HttpStatusCode.OK);
        Assert.Equal("paused", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
        (await clerk.Post($"{Firms.Office}/{id}/resumption", new { version = 5 })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("open", (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
    }

    [Fact]
    public async Task What_is_paused_filled_suspended_or_taken_down_is_gone_at_once_on_every_node()
    {
        var (clerk, employerId, _) = await house.Firm();
        var officer = await house.Officer();
        var other = house.AnotherNode().CreateClient();
        var id = await house.Offered(clerk, house.Vacancy("印刷学徒工", "跟随师傅操作印刷机。"));
        var similar = await house.Offered((await house.Firm()).Clerk, house.Vacancy("印刷机长", "操作四色印刷机。"));
        async Task Is(string offer)
        {
            Assert.Equal(offer, (await house.Anonymous().Get($"{Firms.Seen}/{id}"))["offer"]);
            Assert.Equal(offer == "open", (await other.GetStringAsync($"{Firms.Seen}?q=印刷学徒")).Contains(id, StringComparison.Ordinal));
        }

        await Is("open");
        (await clerk.Post($"{Firms.Office}/{id}/pause", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        await Is("paused");
        var over = await house.Anonymous().Get($"{Firms.Seen}/{id}");
        Assert.Equal("", over["vacancy"]);
        Assert.Contains(over.Body.GetProperty("similar").EnumerateArray(), s => s.Text("id") == similar);
        (await clerk.Post($"{Firms.Office}/{id}/resumption", new { version = 4 })).MustBe(HttpStatusCode.NoContent);
        await Is("open");
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension", new { reason = "三次投诉属实" })).MustBe(HttpStatusCode.NoContent);
        await Is("withdrawn");
        (await clerk.Post(Firms.Office, new { vacancy = house.Vacancy() })).MustBe(HttpStatusCode.Conflict, "employer_suspended");
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension", new { reason = "三次投诉属实" })).MustBe(HttpStatusCode.Conflict, "employer_suspended");
        (await officer.Post($"/api/v1/office/employers/{employerId}/suspension-lifting", new { reason = "整改完成" })).MustBe(HttpStatusCode.NoContent);
        await Is("open");
        (await clerk.Post($"{Firms.Office}/{id}/filling", new { version = 5 })).MustBe(HttpStatusCode.NoContent);
        await Is("filled");
        (await officer.Post($"{Firms.Office}/{id}/taking-down", new { version = 6, reason = "与实际不符" })).MustBe(HttpStatusCode.NoContent);
        await Is("withdrawn");
    }

    [Fact]
    public async Task Two_posts_for_one_workplace_are_shown_as_alike_and_merged_by_a_person()
    {
        var (clerk, _, _) = await house.Firm();
        var stays = await house.Offered(clerk, house.Vacancy("粘箱工"));
        var goes = await house.Offered(clerk, house.Vacancy("粘箱工人", "负责纸箱打包、贴标及码垛。"));
        await house.Offered(clerk, house.Vacancy("会计", "记账、报税、核算工资。"));
        var duplicate = Assert.Single((await clerk.Get($"{Firms.Office}/{goes}")).Body.GetProperty("duplicates").EnumerateArray());
        Assert.Equal(stays, duplicate.Text("id"));

        (await clerk.Post($"{Firms.Office}/{goes}/merger", new { version = 3, intoId = goes })).MustBe(HttpStatusCode.Conflict, "vacancies_not_similar");
        (await clerk.Post($"{Firms.Office}/{goes}/merger", new { version = 3, intoId = stays })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(stays, (await house.Anonymous().Get($"{Firms.Seen}/{goes}"))["mergedInto"]);
    }

    [Fact]
    public async Task An_officer_passes_a_vacancy_on_with_its_source_and_another_publishes_it()
    {
        var (_, employerId, _) = await house.Firm();
        var officer = await house.Officer();
        var form = house.Vacancy("公益岗保洁");
        (await officer.Post(Firms.Office, new { employerId, vacancy = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (form["source"], form["sourceNote"]) = ("labour_bureau", "新乡县人社局 11 月岗位");
        var id = (await officer.Post(Firms.Office, new { employerId, vacancy = form })).MustBe(HttpStatusCode.Created)["id"];
        (await officer.Post($"{Firms.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{Firms.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "own_vacancy");
        (await (await house.Officer("xiaoji")).Post($"{Firms.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.NoContent);
        var item = Assert.Single((await house.Anonymous().Get($"{Firms.Seen}?q=公益岗")).Items);
        Assert.Equal(("labour_bureau", "新乡县人社局 11 月岗位"), (item.Text("source"), item.Text("sourceNote")));
    }

    [Fact]
    public async Task An_officer_narrows_the_list_to_a_firm_by_its_id()
    {
        var (clerk, employerId, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy("按单位查工"));
        var officer = await house.Officer();
        Assert.Equal([id], (await officer.Get($"{Firms.Office}?employer={employerId}")).MustBe(HttpStatusCode.OK).Ids);
        Assert.Equal(["employer"], (await officer.Get($"{Firms.Office}?employer={Uri.EscapeDataString("金")}")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task The_list_of_words_is_kept_by_the_top_union_and_holds_from_its_day()
    {
        var (officer, town) = (await house.Officer(), await house.Officer("zhaipo"));
        var today = DateOnly.FromDateTime(house.Clock.GetUtcNow().AddHours(8).DateTime);
        var line = new { @class = "other", level = "block", patterns = new[] { "面议/详谈+…4+工资?" }, law = "平台规则", advice = "写明月薪范围。", fromOn = today.AddDays(2) };
        (await town.Post("/api/v1/office/word-rules", new { line })).MustBe(HttpStatusCode.Conflict, "only_top_union");
        string[] unreadable = ["…+工资?"];
        (await officer.Post("/api/v1/office/word-rules", new { line = new { line.@class, line.level, patterns = unreadable, line.law, line.advice, line.fromOn } })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var id = (await officer.Post("/api/v1/office/word-rules", new { line })).MustBe(HttpStatusCode.Created)["id"];
        async Task<int> Found() => (await officer.PostWithoutKey("/api/v1/office/vacancy-text-checks", new { duties = "待遇从优,面議。" })).MustBe(HttpStatusCode.OK).Body.GetProperty("findings").GetArrayLength();

        Assert.Equal(0, await Found());
        house.Clock.Advance(TimeSpan.FromDays(2));
        officer = await house.Officer();
        Assert.Equal(1, await Found());
        var ended = new { line.@class, line.level, line.patterns, line.law, line.advice, line.fromOn, untilOn = today.AddDays(2) };
        (await officer.Put($"/api/v1/office/word-rules/{id}", new { version = 2, line = ended })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await officer.Put($"/api/v1/office/word-rules/{id}", new { version = 1, line = ended })).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromDays(1));
        officer = await house.Officer();
        Assert.Equal(0, await Found());
    }

    [Fact]
    public async Task A_clerk_sees_and_keeps_her_own_firms_vacancies_alone()
    {
        var (clerk, _, _) = await house.Firm();
        var (stranger, _, _) = await house.Firm();
        var id = await house.Offered(clerk, house.Vacancy());
        (await stranger.Get($"{Firms.Office}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Post($"{Firms.Office}/{id}/pause", new { version = 3 })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.DoesNotContain(id, (await stranger.Get(Firms.Office)).Ids);
        Assert.Contains(id, (await clerk.Get($"{Firms.Office}?state=published")).Ids);
        Assert.DoesNotContain(id, (await (await house.Staff(Role.EmploymentOfficer, "zhaipo")).Get(Firms.Office)).Ids);
    }

    [Fact]
    public async Task A_text_that_is_nothing_but_findings_is_stored_with_all_of_them()
    {
        var (clerk, _, _) = await house.Firm();
        var form = house.Vacancy("包装工", string.Concat(Enumerable.Repeat("限男", 250)));
        form["requirements"] = form["duties"];
        var id = (await clerk.Post(Firms.Office, new { vacancy = form })).MustBe(HttpStatusCode.Created)["id"];
        var submitted = (await clerk.Post($"{Firms.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.OK);
        Assert.Equal(500, submitted.Body.GetProperty("findings").GetArrayLength());
        Assert.True(await house.Number($"SELECT LENGTH(findings) FROM vacancy_checks WHERE vacancy_id = '{id}'") > ushort.MaxValue);
        Assert.Equal(500, (await clerk.Get($"{Firms.Office}/{id}")).MustBe(HttpStatusCode.OK).Body.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task What_is_written_anew_or_taken_down_is_not_read_by_its_old_link()
    {
        const string Withheld = "该岗位暂不展示";
        var (clerk, _, _) = await house.Firm();
        var (changed, gone) = (await house.Offered(clerk, house.Vacancy("模切工")), await house.Offered(clerk, house.Vacancy("烫金工")));
        (await clerk.Post($"{Firms.Office}/{changed}/pause", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("模切工", (await house.Anonymous().Get($"{Firms.Seen}/{changed}"))["title"]);
        (await clerk.Put($"{Firms.Office}/{changed}", new { version = 4, vacancy = house.Vacancy("限男模切工") })).MustBe(HttpStatusCode.OK);
        (await (await house.Officer()).Post($"{Firms.Office}/{gone}/taking-down", new { version = 3, reason = "与实际不符" })).MustBe(HttpStatusCode.NoContent);
        foreach (var id in new[] { changed, gone })
        {
            var seen = (await house.Anonymous().Get($"{Firms.Seen}/{id}")).MustBe(HttpStatusCode.OK);
            Assert.Equal((Withheld, "withdrawn", ""), (seen["title"], seen["offer"], seen["vacancy"]));
        }
    }

    [Fact]
    public async Task Who_wrote_last_does_not_approve_whoever_wrote_first()
    {
        var (_, employerId, _) = await house.Firm();
        var (county, town) = (await house.Officer(), await house.Officer("xiaoji"));
        var form = house.Vacancy("公益岗保安");
        (form["source"], form["sourceNote"]) = ("labour_bureau", "新乡县人社局 11 月岗位");
        var id = (await county.Post(Firms.Office, new { employerId, vacancy = form })).MustBe(HttpStatusCode.Created)["id"];
        form["duties"] = "门岗值守、登记来访。";
        (await town.Put($"{Firms.Office}/{id}", new { version = 1, vacancy = form })).MustBe(HttpStatusCode.OK);
        (await county.Post($"{Firms.Office}/{id}/submission", new { version = 2 })).MustBe(HttpStatusCode.OK);
        (await town.Post($"{Firms.Office}/{id}/approval", new { version = 3 })).MustBe(HttpStatusCode.Conflict, "own_vacancy");
        (await county.Post($"{Firms.Office}/{id}/approval", new { version = 3 })).MustBe(HttpStatusCode.Conflict, "own_vacancy");
        (await (await house.Staff(Role.EmploymentOfficer, "hongyuan")).Post($"{Firms.Office}/{id}/approval", new { version = 3 })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("招男???女", "")]
    [InlineData("招男", "\\=楠楠")]
    [InlineData("招{甲乙}", "")]
    [InlineData("+", "")]
    public async Task A_pattern_that_cannot_be_read_is_refused(string pattern, string alike)
    {
        var line = new { @class = "other", level = "block", patterns = new[] { pattern }, alike, law = "平台规则", advice = "写明月薪范围。", fromOn = "2026-12-01" };
        (await (await house.Officer()).Post("/api/v1/office/word-rules", new { line })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task A_line_that_says_too_much_at_once_is_refused()
    {
        var patterns = Enumerable.Range(0, 20).Select(i => $"招{i}+{string.Concat(Enumerable.Repeat("+{省份}…60{民族}", 8))}");
        var line = new { @class = "other", level = "block", patterns, law = "平台规则", advice = "写明月薪范围。", fromOn = "2026-12-01" };
        (await (await house.Officer()).Post("/api/v1/office/word-rules", new { line })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }
}
