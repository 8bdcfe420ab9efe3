using System.Net;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class EntryOnSqlite(SqliteHouse house) : EntryTests(house), IClassFixture<SqliteHouse>;

public sealed class EntryOnMariaDb(MariaDbHouse house) : EntryTests(house), IClassFixture<MariaDbHouse>;

/// <summary>The way into singles' evenings: consent, declaration, the union's word, the county's look; and who stays outside.</summary>
public abstract class EntryTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/singles-entry";
    private const string Office = "/api/v1/office/singles-entries";

    [Fact]
    public async Task From_the_consent_to_the_county_and_then_she_may_sign_up()
    {
        var (worker, personId) = await MemberAsync();
        (await worker.Put(Mine, new { entry = Entry() })).MustBe(HttpStatusCode.Conflict, "singles_consent_needed");
        await AgreeAsync(worker, "singles");
        (await worker.Get(Mine)).MustBe(HttpStatusCode.Conflict, "no_singles_entry");
        var version = (await worker.Put(Mine, new { entry = Entry() })).MustBe(HttpStatusCode.OK).Version;
        Assert.Equal(version, (await worker.Put(Mine, new { entry = Entry() })).MustBe(HttpStatusCode.OK).Version);
        (await worker.Post(Mine + "/submission", new { version })).MustBe(HttpStatusCode.Conflict, "declaration_needed");
        await AgreeAsync(worker, "single_declaration");
        (await worker.Post(Mine + "/submission", new { version })).MustBe(HttpStatusCode.Conflict, "phone_needed");
        await BindAsync(personId);
        (await worker.Post(Mine + "/submission", new { version = version + 7 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        var submitted = (await worker.Post(Mine + "/submission", new { version })).MustBe(HttpStatusCode.OK);
        Assert.Equal("submitted", submitted["state"]);

        var evening = await OpenAsync();
        (await worker.SignUp(evening)).MustBe(HttpStatusCode.Conflict, "not_eligible");

        var unit = await house.Staff(Role.UnionChair, "jinsui");
        var county = await house.Staff(Role.ActivityOrganiser, "county");
        var id = await house.Text($"SELECT id FROM singles_entries WHERE person_id = '{personId}'");
        Assert.Contains(id, (await unit.Get(Office)).MustBe(HttpStatusCode.OK).Ids);
        (await (await house.Staff(Role.UnionChair, "dazhaoying")).Get($"{Office}/{id}")).MustBe(HttpStatusCode.NotFound);
        var seenByUnit = (await unit.Get($"{Office}/{id}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(
            ("never_married", "", "", "", "False"), (seenByUnit["maritalStatus"], seenByUnit["sex"], seenByUnit["birthOn"], seenByUnit["entry"], seenByUnit["mayApprove"]));
        (await county.Post($"{Office}/{id}/approval", new { version = submitted.Version })).MustBe(HttpStatusCode.Conflict, "entry_not_waiting");
        (await unit.Post($"{Office}/{id}/confirmation", new { version = submitted.Version })).MustBe(HttpStatusCode.NoContent);
        (await unit.Post($"{Office}/{id}/approval", new { version = submitted.Version + 1 })).MustBe(HttpStatusCode.Conflict, "county_reviews");
        Assert.Equal("小月", (await county.Get($"{Office}/{id}")).MustBe(HttpStatusCode.OK).Body.GetProperty("entry").Text("nickname"));
        (await county.Post($"{Office}/{id}/approval", new { version = submitted.Version + 1 })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal("approved", (await worker.Get(Mine)).MustBe(HttpStatusCode.OK)["state"]);
        Assert.Equal([personId, personId], (await house.Audited("read_singles_entry", id)).Select(a => a.SubjectId));
        (await worker.SignUp(evening)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_confirmed_does_not_approve_and_a_returned_entry_says_why()
    {
        var (worker, personId) = await MemberAsync();
        var (id, version) = await SubmitAsync(worker, personId);
        var county = await house.Staff(Role.UnionChair, "county");
        (await county.Post($"{Office}/{id}/confirmation", new { version })).MustBe(HttpStatusCode.NoContent);
        (await county.Post($"{Office}/{id}/approval", new { version = version + 1 })).MustBe(HttpStatusCode.Conflict, "second_reviewer_needed");
        var unit = await house.Staff(Role.UnionChair, "jinsui");
        (await unit.Post($"{Office}/{id}/return", new { version = version + 1, reason = "再看看" })).MustBe(HttpStatusCode.Conflict, "county_reviews");
        (await county.Post($"{Office}/{id}/return", new { version = version + 1, reason = "请补充学历" })).MustBe(HttpStatusCode.NoContent);
        var mine = (await worker.Get(Mine)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("returned", "请补充学历"), (mine["state"], mine["returnReason"]));

        // She changes it, and it is looked at from the start.
        var again = (await worker.Put(Mine, new { version = mine.Version, entry = Entry("小星") })).MustBe(HttpStatusCode.OK);
        Assert.Equal("draft", again["state"]);
        (await county.Get($"{Office}/{id}")).MustBe(HttpStatusCode.NotFound);
        Assert.Equal("submitted", (await worker.Post(Mine + "/submission", new { version = again.Version })).MustBe(HttpStatusCode.OK)["state"]);
        (await worker.Post(Mine + "/submission", new { version = again.Version + 1 })).MustBe(HttpStatusCode.Conflict, "entry_not_draft");
    }

    [Theory]
    [InlineData("小月", "passed")]
    [InlineData("赌博", "risky")]
    [InlineData("微商", "doubtful")]
    public async Task The_platform_looks_at_the_texts_and_the_county_too_before_anybody_sees_them(string nickname, string said)
    {
        var (worker, personId) = await MemberAsync();
        var (id, version) = await SubmitAsync(worker, personId, nickname);
        var mine = (await worker.Get(Mine)).MustBe(HttpStatusCode.OK);
        Assert.Equal(said, mine["textCheck"]);
        (await (await house.Staff(Role.UnionChair, "jinsui")).Post($"{Office}/{id}/confirmation", new { version })).MustBe(HttpStatusCode.NoContent);
        Assert.Empty(await CardOfAsync(personId));
        var approval = await (await house.Staff(Role.ActivityOrganiser, "county")).Post($"{Office}/{id}/approval", new { version = version + 1 });
        if (said == "risky")
        {
            approval.MustBe(HttpStatusCode.Conflict, "text_risky");
            Assert.Empty(await CardOfAsync(personId));
        }
        else
        {
            approval.MustBe(HttpStatusCode.NoContent);
            Assert.Equal(nickname, Assert.Single(await CardOfAsync(personId)).Value.Nickname);
        }
    }

    /// <summary>The county approved while the platform could not say.</summary>
    [Theory]
    [InlineData("赌博", "risky", 1)]
    [InlineData("小月", "passed", 0)]
    public async Task Texts_that_are_forbidden_late_are_told_to_their_owner_and_the_county(string nickname, string said, int times)
    {
        var (worker, personId) = await MemberAsync();
        house.WeChat.Faults.AnswerStatus("/wxa/msg_sec_check", 502);
        var (id, version) = await SubmitAsync(worker, personId, nickname);
        var (unit, county) = (await house.Staff(Role.UnionChair, "jinsui"), await house.Staff(Role.ActivityOrganiser, "county"));
        (await unit.Post($"{Office}/{id}/confirmation", new { version })).MustBe(HttpStatusCode.NoContent);
        (await county.Post($"{Office}/{id}/approval", new { version = version + 1 })).MustBe(HttpStatusCode.NoContent);
        house.WeChat.Faults.Clear();
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.Services.GetRequiredService<CheckTexts>().RunAsync(CancellationToken.None);
        Assert.Equal((said, 1 - times), ((await worker.Get(Mine))["textCheck"], (await CardOfAsync(personId)).Count));
        Assert.Equal(times, (await worker.Get("/api/v1/me/messages")).Items.Count(m => m.Text("kind") == "singles_text_hidden"));
        Assert.Equal(times, (await county.Get($"{Office}?state=to_look_at&take=50")).MustBe(HttpStatusCode.OK).Ids.Count(i => i == id));
        Assert.DoesNotContain(id, (await unit.Get($"{Office}?state=to_look_at&take=50")).MustBe(HttpStatusCode.OK).Ids);

        // Written anew it is looked at as every other, and leaves the list.
        var mine = (await worker.Get(Mine)).MustBe(HttpStatusCode.OK);
        (await worker.Put(Mine, new { version = mine.Version, entry = Entry("小星") })).MustBe(HttpStatusCode.OK);
        Assert.DoesNotContain(id, (await county.Get($"{Office}?state=to_look_at&take=50")).Ids);
    }

    [Fact]
    public async Task While_the_platform_cannot_say_nobody_sees_the_texts_and_it_is_asked_again()
    {
        var (worker, personId) = await MemberAsync();
        house.WeChat.Faults.AnswerError("/wxa/msg_sec_check", 61010);
        var (id, version) = await SubmitAsync(worker, personId);
        (await (await house.Staff(Role.UnionChair, "jinsui")).Post($"{Office}/{id}/confirmation", new { version })).MustBe(HttpStatusCode.NoContent);
        (await (await house.Staff(Role.ActivityOrganiser, "county")).Post($"{Office}/{id}/approval", new { version = version + 1 })).MustBe(HttpStatusCode.NoContent);
        var check = house.Services.GetRequiredService<CheckTexts>();
        Assert.Empty(await CardOfAsync(personId));

        // Somebody who was away is asked about in an hour, not before; one without an account here keeps nobody back.
        var (other, otherId) = await MemberAsync();
        await SubmitAsync(other, otherId);
        await house.Execute($"DELETE FROM wechat_accounts WHERE person_id = '{otherId}'");
        await house.Execute($"UPDATE singles_entries SET text_check = 'pending', check_due_at = 0 WHERE person_id = '{otherId}'");
        house.WeChat.Faults.Clear();
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        await check.RunAsync(CancellationToken.None);
        Assert.Equal("pending", (await worker.Get(Mine))["textCheck"]);
        Assert.True(await house.Number($"SELECT check_due_at FROM singles_entries WHERE person_id = '{otherId}'") > house.Clock.GetUtcNow().ToUnixTimeMilliseconds());

        // A platform that is away is asked again in ten minutes.
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var fault in new Action[] { () => house.WeChat.Faults.AnswerStatus("/wxa/msg_sec_check", 502), () => house.WeChat.Faults.Drop("/wxa/msg_sec_check") })
        {
            fault();
            await check.RunAsync(CancellationToken.None);
            Assert.Equal("pending", (await worker.Get(Mine))["textCheck"]);
            Assert.Empty(await CardOfAsync(personId));
            house.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        house.WeChat.Faults.Clear();
        await check.RunAsync(CancellationToken.None);
        Assert.Equal("passed", (await worker.Get(Mine))["textCheck"]);
        Assert.Single(await CardOfAsync(personId));
    }

    [Fact]
    public async Task Two_officers_at_once_decide_once()
    {
        var (worker, personId) = await MemberAsync();
        var (id, version) = await SubmitAsync(worker, personId);
        var (unit, town) = (await house.Staff(Role.UnionChair, "jinsui"), await house.Staff(Role.UnionChair, "zhaipo"));
        var answers = await Task.WhenAll(
            unit.Post($"{Office}/{id}/confirmation", new { version }), town.Post($"{Office}/{id}/return", new { version, reason = "请补充" }));
        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.NoContent], answers.Select(a => a.Status).OrderByDescending(s => s));
    }

    [Theory]
    [InlineData("entry.nickname", "nickname", null)]
    [InlineData("entry.heightCentimetres", "heightCentimetres", 90)]
    [InlineData("entry.education", "education", "ab")]
    [InlineData("entry.about", "about", "长")]
    public async Task A_form_that_cannot_be_is_refused(string field, string name, object? value)
    {
        var (worker, _) = await MemberAsync();
        await AgreeAsync(worker, "singles");
        var entry = Entry();
        entry[name] = value is "长" ? new string('长', 201) : value;
        Assert.Equal([field], (await worker.Put(Mine, new { entry })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task Taking_the_consent_back_deletes_the_entry_and_ends_every_match()
    {
        var (worker, personId) = await MemberAsync();
        await SubmitAsync(worker, personId);
        var answer = (await worker.Delete("/api/v1/me/consents/singles")).MustBe(HttpStatusCode.OK);
        Assert.Contains("已删除", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM singles_entries WHERE person_id = '{personId}'"));
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM singles_entry_steps s WHERE NOT EXISTS (SELECT 1 FROM singles_entries e WHERE e.id = s.entry_id)"));
    }

    [Fact]
    public async Task An_entry_that_is_saved_while_the_consent_is_taken_back_does_not_stay()
    {
        for (var i = 0; i < 5; i++)
        {
            var (worker, personId) = await MemberAsync();
            await AgreeAsync(worker, "singles");
            var answers = await Task.WhenAll(worker.Put(Mine, new { entry = Entry() }), worker.Delete("/api/v1/me/consents/singles"));
            Assert.All(answers, a => Assert.True((int)a.Status < 500, a.Text));
            Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM singles_entries WHERE person_id = '{personId}'"));
        }
    }

    [Fact]
    public async Task An_entry_that_goes_away_under_a_deed_is_a_refusal_and_one_without_its_steps_is_read()
    {
        var (worker, personId) = await MemberAsync();
        var (id, _) = await SubmitAsync(worker, personId);
        await house.Execute($"UPDATE singles_entries SET state = 'returned' WHERE id = '{id}'");
        await house.Execute($"DELETE FROM singles_entry_steps WHERE entry_id = '{id}'");
        Assert.Equal(("returned", ""), await ReadAsync());

        await using var db = house.Database.Open();
        var gone = (await db.SinglesEntries.FirstAsync(e => e.Id == id, CancellationToken.None)) with { Id = Ids.New() };
        var refusals = new[]
        {
            await EntryDecisions.ChangedAsync(db, gone, new Caller(Ids.New(), "", SessionKind.Staff, ""), CancellationToken.None),
            await EntryDecisions.ChangedAsync(db, gone, new Caller(personId, "", SessionKind.Worker, ""), CancellationToken.None),
        };
        Assert.Equal(["not_found", "changed_meanwhile"], refusals.Select(r => r.Problem.Code));

        async Task<(string, string)> ReadAsync()
        {
            var mine = (await worker.Get(Mine)).MustBe(HttpStatusCode.OK);
            return (mine["state"], mine["returnReason"]);
        }
    }

    [Theory]
    [InlineData("1", "2005-11-25", "22")]
    [InlineData("2", "2006-11-25", "20")]
    [InlineData("1", "1980-11-23", "45")]
    public async Task Age_counts_on_the_day_and_never_less_than_the_law_says(string sex, string birth, string words)
    {
        var evening = await OpenAsync();
        var (worker, personId) = await MemberAsync(sex, birth);
        await LetInAsync(personId);
        var refused = (await worker.SignUp(evening)).MustBe(HttpStatusCode.Conflict, "not_eligible");
        Assert.Contains(words, refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_evenings_a_quarter_and_not_a_third_also_when_pressed_at_once()
    {
        var (worker, personId) = await MemberAsync();
        await LetInAsync(personId);
        var evenings = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            evenings.Add(await OpenAsync());
        }

        var answers = await Task.WhenAll(evenings.Select(e => worker.SignUp(e)));
        Assert.Equal(2, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Contains("每季度", a.MustBe(HttpStatusCode.Conflict, "not_eligible")["detail"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_many_of_one_union_and_no_more_also_in_one_batch()
    {
        var evening = await OpenAsync();
        var comers = await Crowd.JoinAsync(house.Database, 14, house.Clock.GetUtcNow(), i => i % 2 == 0 ? "1" : "2");
        await Evening.LetInAsync(house.Database, house.Services.GetRequiredService<FieldCipher>(), [.. comers.Select(c => c.PersonId)], house.Clock.GetUtcNow());
        var answers = await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).SignUp(evening)));
        Assert.Equal(10, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Contains("每个单位最多 10 人", a["detail"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fifth_of_the_places_may_wait_and_who_is_barred_meanwhile_is_passed_over()
    {
        var evening = await Evening.OpenAsync(house.Database, house.Clock.GetUtcNow(), 6);
        var comers = await Crowd.JoinAsync(house.Database, 9, house.Clock.GetUtcNow(), _ => "1");
        await Evening.LetInAsync(house.Database, house.Services.GetRequiredService<FieldCipher>(), [.. comers.Select(c => c.PersonId)], house.Clock.GetUtcNow());
        var people = comers.Select(c => new Person(house.NewHttp(), c.Token)).ToList();
        var states = new List<string>();
        foreach (var person in people)
        {
            var answer = await person.SignUp(evening);
            states.Add(answer.Status == HttpStatusCode.OK ? answer["state"] : answer["code"]);
        }

        Assert.Equal([.. Enumerable.Repeat("enrolled", 6), "waiting", "waiting", "activity_full"], states);
        (await people[6].Delete("/api/v1/me/consents/single_declaration")).MustBe(HttpStatusCode.OK);
        (await people[0].Delete($"/api/v1/activities/{evening}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("not_admitted", await StateOf(comers[6]));
        Assert.Equal("offered", await StateOf(comers[7]));

        Task<string> StateOf(Comer comer) => house.Text($"SELECT state FROM enrolments WHERE activity_id = '{evening}' AND person_id = '{comer.PersonId}'");
    }

    [Fact]
    public async Task The_declaration_taken_back_closes_the_door_and_a_clerk_is_not_told_why()
    {
        var evening = await OpenAsync();
        var (worker, personId) = await MemberAsync();
        await LetInAsync(personId);
        (await worker.Delete("/api/v1/me/consents/single_declaration")).MustBe(HttpStatusCode.OK);
        Assert.Contains("单身承诺", (await worker.SignUp(evening)).MustBe(HttpStatusCode.Conflict, "not_eligible")["detail"], StringComparison.Ordinal);
        var clerk = await house.Staff(Role.MembershipOfficer, "jinsui");
        var refused = (await clerk.Post($"/api/v1/office/activities/{evening}/enrolments", new { personId })).MustBe(HttpStatusCode.Conflict, "not_eligible");
        Assert.DoesNotContain("单身", refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_evening_is_written_with_halves_for_men_and_women()
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        foreach (var (groups, field) in new[]
        {
            (new object[] { new { name = "男", capacity = 20, rules = new { sex = "1" } }, new { name = "女", capacity = 17, rules = new { sex = "2" } } }, ""),
            ([new { name = "男", capacity = 20, rules = new { sex = "1" } }, new { name = "女", capacity = 15, rules = new { sex = "2" } }], "groups"),
            ([new { name = "不限", capacity = 20 }], "groups"),
        })
        {
            var form = await house.Form(groups);
            form["kind"] = "singles";
            var answer = await organiser.Post(Stage.Office, new { activity = form });
            Assert.Equal(field, answer.Status == HttpStatusCode.Created ? "" : answer.MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields.Single());
        }
    }

    [Fact]
    public async Task An_entry_is_kept_a_year_after_the_last_word_or_evening_and_then_goes()
    {
        var (worker, personId) = await MemberAsync();
        await SubmitAsync(worker, personId);
        var year = TimeSpan.FromDays(365).TotalMilliseconds;
        await house.Execute($"UPDATE singles_entries SET renewed_at = renewed_at - {year} WHERE person_id = '{personId}'");
        (await worker.Put(Mine + "/renewal", null)).MustBe(HttpStatusCode.NoContent);
        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM singles_entries WHERE person_id = '{personId}'"));
        await house.Execute($"UPDATE singles_entries SET renewed_at = renewed_at - {year} WHERE person_id = '{personId}'");
        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM singles_entries WHERE person_id = '{personId}'"));
    }

    internal static Dictionary<string, object?> Entry(string nickname = "小月") => new()
    {
        ["nickname"] = nickname,
        ["heightCentimetres"] = 165,
        ["workKind"] = "technical",
        ["maritalStatus"] = "never_married",
        ["interests"] = new[] { "爬山" },
        ["about"] = "喜欢安静。",
        ["wishes"] = new { leastAge = 25, mostAge = 40 },
        ["allowsFilming"] = false,
        ["allowsContact"] = true,
    };

    private Task<string> OpenAsync() => Evening.OpenAsync(house.Database, house.Clock.GetUtcNow(), 20);

    private async Task<(Person Worker, string PersonId)> MemberAsync(string sex = "2", string birth = "1990-05-01")
    {
        var worker = await house.Member(sex: sex, birth: birth);
        return (worker, (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK)["personId"]);
    }

    private Task LetInAsync(string personId) =>
        Evening.LetInAsync(house.Database, house.Services.GetRequiredService<FieldCipher>(), [personId], house.Clock.GetUtcNow());

    private async Task<Dictionary<string, Card>> CardOfAsync(string personId)
    {
        await using var db = house.Database.Open();
        return await Card.ReadAsync(db, [personId], house.Services.GetRequiredService<FieldCipher>(), CancellationToken.None);
    }

    private async Task<(string Id, int Version)> SubmitAsync(Person worker, string personId, string nickname = "小月")
    {
        await AgreeAsync(worker, "singles");
        await AgreeAsync(worker, "single_declaration");
        await BindAsync(personId);
        var version = (await worker.Put(Mine, new { entry = Entry(nickname) })).MustBe(HttpStatusCode.OK).Version;
        version = (await worker.Post(Mine + "/submission", new { version })).MustBe(HttpStatusCode.OK).Version;
        return (await house.Text($"SELECT id FROM singles_entries WHERE person_id = '{personId}'"), version);
    }

    internal static async Task AgreeAsync(Person worker, string purpose)
    {
        var text = (await worker.Get($"/api/v1/consent-texts/{purpose}")).MustBe(HttpStatusCode.OK);
        (await worker.Put($"/api/v1/me/consents/{purpose}", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
    }

    private Task BindAsync(string personId) => BindAsync(house, personId);

    internal static async Task BindAsync(TestHouse house, string personId)
    {
        var phone = house.Services.GetRequiredService<FieldCipher>().Seal("persons.phone", personId, "13900000003");
        await house.Execute($"UPDATE persons SET phone_sealed = '{phone}', phone_tail = '0003' WHERE id = '{personId}'");
    }
}
