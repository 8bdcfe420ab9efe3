using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities;

public sealed class EnrolOnSqlite(SqliteHouse house) : EnrolTests(house), IClassFixture<SqliteHouse>;

public sealed class EnrolOnMariaDb(MariaDbHouse house) : EnrolTests(house), IClassFixture<MariaDbHouse>;

public abstract class EnrolTests(TestHouse house)
{
    [Fact]
    public async Task Places_go_in_order_of_arrival_and_then_the_line_begins()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var people = await People(4);

        var states = new List<string>();
        foreach (var person in people)
        {
            var answer = (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
            states.Add($"{answer["state"]} {answer["number"]} {answer["position"]}");
        }

        Assert.Equal(["enrolled 1 ", "enrolled 2 ", "waiting 3 1", "waiting 4 2"], states);
        var seen = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, seen.Body.GetProperty("groups")[0].GetProperty("left").GetInt32());
        Assert.Equal(2, seen.Body.GetProperty("groups")[0].GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task Sixty_at_once_for_ten_places_leave_ten_enrolled_and_a_line_without_gaps()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 10 });
        var people = await People(60);

        var answers = await Task.WhenAll(people.Select(p => p.SignUp(activity)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        Assert.Equal(10, answers.Count(a => a["state"] == "enrolled"));
        Assert.Equal(Enumerable.Range(1, 50), answers.Where(a => a["state"] == "waiting").Select(a => int.Parse(a["position"], null)).Order());
        Assert.Equal(60, answers.Select(a => a["number"]).Distinct().Count());
        Assert.Equal(10, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task One_person_signs_up_once_however_often_she_presses()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 10 });
        var person = await house.Member();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.SignUp(activity)));

        Assert.Single(answers.Select(a => a.MustBe(HttpStatusCode.OK)["id"]).Distinct());
        Assert.Equal(1, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task A_late_repeat_after_cancelling_does_not_sign_up_again()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var person = await house.Member();
        var key = Guid.NewGuid().ToString("N");

        (await person.SignUp(activity, key: key)).MustBe(HttpStatusCode.OK);
        (await person.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        (await person.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("cancelled", (await person.SignUp(activity, key: key)).MustBe(HttpStatusCode.OK)["state"]);
        Assert.Equal("enrolled", (await person.SignUp(activity)).MustBe(HttpStatusCode.OK)["state"]);
        (await person.SignUp(activity, new { guests = 1 }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_late_repeat_of_a_second_press_does_not_sign_up_again_either()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var person = await house.Member();
        var (first, second) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));

        var made = (await person.SignUp(activity, key: first)).MustBe(HttpStatusCode.OK)["id"];
        Assert.Equal(made, (await person.SignUp(activity, key: second)).MustBe(HttpStatusCode.OK)["id"]);
        (await person.SignUp(activity, new { guests = 1 }, second)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await person.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);

        var late = (await person.SignUp(activity, key: second)).MustBe(HttpStatusCode.OK);
        Assert.Equal((made, "cancelled"), (late["id"], late["state"]));
        Assert.Equal(0, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task An_activity_that_fails_does_not_hold_up_the_others_and_is_still_reported()
    {
        var activities = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var form = await house.Form(new { name = "开放名额", capacity = 1 });
            form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
            activities.Add(await house.Publish(form));
        }

        house.Clock.Advance(TimeSpan.FromHours(1));
        var people = await People(3);
        foreach (var activity in activities)
        {
            foreach (var person in people)
            {
                (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
            }

            (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        }

        var broken = $"activity_id IN ('{activities[0]}', '{activities[2]}')";
        var rules = await house.Text($"SELECT rules FROM activity_groups WHERE {broken}");
        await house.Execute($"UPDATE activity_groups SET rules = 'broken' WHERE {broken}");
        try
        {
            house.Clock.Advance(TimeSpan.FromHours(24));
            await Assert.ThrowsAsync<JsonException>(() => house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None));
            Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM activities WHERE id = '{activities[1]}' AND merged_at IS NOT NULL"));
            await Assert.ThrowsAsync<JsonException>(() => house.Services.GetRequiredService<ExpireOffers>().RunAsync(CancellationToken.None));
            Assert.Equal("offered", await StateOf(people[2], activities[1]));
            house.Clock.Advance(TimeSpan.FromDays(3));
            await Assert.ThrowsAsync<JsonException>(() => house.Services.GetRequiredService<MarkNoShows>().RunAsync(CancellationToken.None));
            Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM attendance_closings WHERE activity_id = '{activities[1]}'"));
        }
        finally
        {
            await house.Execute($"UPDATE activity_groups SET rules = '{rules}' WHERE {broken}");
        }
    }

    [Fact]
    public async Task A_freed_place_is_offered_to_the_first_in_line_and_passes_on_when_it_is_let_go_or_runs_out()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await People(4);
        foreach (var person in people)
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("offered", await StateOf(people[1], activity));
        Assert.Equal("1", (await people[2].Get($"{Stage.Mine}/{activity}/enrolment"))["position"]);

        (await people[1].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = false })).MustBe(HttpStatusCode.OK);
        Assert.Equal("offered", await StateOf(people[2], activity));

        house.Clock.Advance(TimeSpan.FromHours(24));
        (await people[2].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.Conflict, "no_offer");
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal("expired", await StateOf(people[2], activity));
        Assert.Equal("offered", await StateOf(people[3], activity));
        (await people[3].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);
        (await people[3].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);
        Assert.Equal("enrolled", await StateOf(people[3], activity));
        Assert.Equal(1, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task Opening_and_closing_are_the_servers_instants_to_the_millisecond()
    {
        var activity = await house.Publish(await house.Form());
        var (early, first, late) = (await house.Member(), await house.Member(), await house.Member());

        house.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await early.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "sign_up_not_open_yet");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await first.SignUp(activity)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await early.SignUp(activity)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await late.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "sign_up_closed");
    }

    [Fact]
    public async Task Groups_take_only_whom_their_rules_allow_and_say_why_not()
    {
        var activity = await house.Open(
            new { name = "男", capacity = 1, rules = new { sex = "1", leastAge = 22, mostAge = 45 } },
            new { name = "女", capacity = 1, rules = new { sex = "2", leastAge = 22, mostAge = 45 } });
        var (man, woman, old) = (await house.Member(sex: "1"), await house.Member(sex: "2"), await house.Member(birth: "1960-01-01"));
        var stranger = await house.Worker();

        var his = (await man.SignUp(activity)).MustBe(HttpStatusCode.OK);
        var hers = (await woman.SignUp(activity)).MustBe(HttpStatusCode.OK);
        Assert.NotEqual(his["groupId"], hers["groupId"]);
        Assert.Contains("22 到 45 周岁", (await old.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "not_eligible")["detail"], StringComparison.Ordinal);
        Assert.Contains("在册工会会员", (await stranger.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "not_eligible")["detail"], StringComparison.Ordinal);
        (await man.SignUp(activity, new { groupId = hers["groupId"] })).MustBe(HttpStatusCode.Conflict, "enrolled_already");
    }

    [Fact]
    public async Task After_the_deadline_the_consequence_is_told_first_and_then_counts()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 1 });
        form["cancelUntil"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        var (punctual, late) = (await house.Member(), await house.Member());
        (await punctual.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await punctual.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        (await late.SignUp(activity)).MustBe(HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var told = (await late.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.Conflict, "late_cancellation");
        Assert.Contains("1 分", told["detail"], StringComparison.Ordinal);
        Assert.Equal("0", (await late.Get("/api/v1/me/conduct-points"))["total"]);
        (await late.Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        (await late.Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("1", (await late.Get("/api/v1/me/conduct-points"))["total"]);
        Assert.Equal("0", (await punctual.Get("/api/v1/me/conduct-points"))["total"]);

    }

    [Theory]
    [InlineData(3, "sign_up_opens_later_for_you")]
    [InlineData(6, "sign_up_closed_for_you")]
    public async Task Points_delay_the_opening_for_that_person_and_then_close_it(int points, string code)
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 5 });
        var person = await house.Member();
        var personId = (await person.Get("/api/v1/me"))["personId"];
        var now = house.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await house.Execute(
            "INSERT INTO conduct_points (id, person_id, kind, weight, source_kind, source_id, at, expires_at) "
            + $"VALUES ('{personId}', '{personId}', 'late_cancellation', {points}, 'enrolment', '{personId}', {now}, {now + 86_400_000L * 30})");

        var refused = (await person.SignUp(activity)).MustBe(HttpStatusCode.Conflict, code);
        if (points == 3)
        {
            var opens = Instants.At(await house.Number($"SELECT opens_at FROM activities WHERE id = '{activity}'")).AddHours(24);
            Assert.Contains($"顺延到{opens.Month}月{opens.Day}日 {opens:HH:mm}", refused["detail"], StringComparison.Ordinal);
            await house.Execute($"UPDATE activities SET closes_at = opens_at + 86400000 WHERE id = '{activity}'");
            Assert.Contains("报名已截止", (await person.SignUp(activity)).MustBe(HttpStatusCode.Conflict, code)["detail"], StringComparison.Ordinal);
            await house.Execute($"UPDATE activities SET closes_at = opens_at + 2 * 86400000 WHERE id = '{activity}'");
        }

        house.Clock.Advance(TimeSpan.FromHours(24));
        var next = await person.SignUp(activity);
        Assert.Equal(points == 3 ? HttpStatusCode.OK : HttpStatusCode.Conflict, next.Status);
    }

    [Fact]
    public async Task The_organiser_sees_the_list_and_the_line_and_removes_with_a_reason()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await People(3);
        var signedUp = new List<string>();
        foreach (var person in people)
        {
            signedUp.Add((await person.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"]);
        }

        var organiser = await house.Staff(Api.Modules.Identity.Role.ActivityOrganiser, "zhaipo");
        var elsewhere = await house.Staff(Api.Modules.Identity.Role.ActivityOrganiser, "xiaoji");
        (await elsewhere.Get($"{Stage.Office}/{activity}/enrolments")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await elsewhere.Post($"{Stage.Office}/{activity}/enrolments/{signedUp[0]}/removal", new { reason = "越权" })).MustBe(HttpStatusCode.NotFound, "not_found");
        var list = (await organiser.Get($"{Stage.Office}/{activity}/enrolments?take=2")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["1", "2"], list.Items.Select(i => i.GetProperty("number").ToString()));
        Assert.Equal("职*", list.Items[0].GetProperty("name").GetString());
        Assert.Equal(3, (await organiser.Get($"{Stage.Office}/{activity}/enrolments?after={list["next"]}")).Items.Single().GetProperty("number").GetInt32());

        (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{signedUp[0]}/removal", new { reason = "资格不符" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(("removed", "offered", "waiting"), (await StateOf(people[0], activity), await StateOf(people[1], activity), await StateOf(people[2], activity)));
        Assert.Contains((await people[0].Get("/api/v1/me/messages")).Items, m => m.GetProperty("text").GetString()!.Contains("资格不符", StringComparison.Ordinal));
        Assert.Equal(0, (await people[0].Get("/api/v1/me/conduct-points")).Body.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Unused_places_of_one_group_serve_those_who_wait_in_another_once_the_groups_merge()
    {
        var form = await house.Form(new { name = "男", capacity = 1, rules = new { sex = "1" } }, new { name = "女", capacity = 2, rules = new { sex = "2" } });
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var men = await People(4);
        foreach (var man in men)
        {
            (await man.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal("waiting", await StateOf(men[1], activity));
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);

        Assert.Equal(["enrolled", "offered", "offered", "waiting"], await Task.WhenAll(men.Select(m => StateOf(m, activity))));
        Assert.Equal(3, await house.Number($"SELECT SUM(capacity) FROM activity_groups WHERE activity_id = '{activity}'"));
        Assert.Equal(3, await house.Number($"SELECT SUM(taken) FROM activity_groups WHERE activity_id = '{activity}'"));
        var woman = await house.Member(sex: "2");
        Assert.Equal("waiting", (await woman.SignUp(activity)).MustBe(HttpStatusCode.OK)["state"]);
    }

    [Fact]
    public async Task Answers_to_the_questions_are_held_against_them_and_kept_sealed()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 5 });
        form["questions"] = new object[]
        {
            new { kind = "choice", wording = "衣服尺码", isRequired = true, options = new[] { "M", "L" } }, new { kind = "text", wording = "饮食禁忌" },
        };
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var questions = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("activity").GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("id").GetString()!).ToArray();
        var person = await house.Member();

        (await person.SignUp(activity)).MustBe(HttpStatusCode.BadRequest, "answers_incomplete");
        (await person.SignUp(activity, new { answers = new Dictionary<string, string> { [questions[0]] = "XXL" } })).MustBe(HttpStatusCode.BadRequest, "answers_incomplete");
        (await person.SignUp(activity, new { answers = new Dictionary<string, string> { ["nothing"] = "M" } })).MustBe(HttpStatusCode.BadRequest, "answers_incomplete");
        (await person.SignUp(activity, new { answers = new Dictionary<string, string> { [questions[0]] = "L", [questions[1]] = "不吃辣椒" } })).MustBe(HttpStatusCode.OK);
        Assert.DoesNotContain("不吃辣椒", (await house.Words($"SELECT answers_sealed FROM enrolments WHERE activity_id = '{activity}'"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_wish_is_refused_and_a_missing_key_too()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 5 });
        var person = await house.Member();
        (await person.Put($"{Stage.Mine}/{activity}/enrolment", new { })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await person.SignUp(activity, new { guests = -1 })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await person.SignUp(activity, new { guests = 1 })).MustBe(HttpStatusCode.Conflict, "too_many_guests");
        (await person.SignUp(activity, new { groupId = "x" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await person.SignUp(activity, new { groupId = new string('0', 32) })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await person.SignUp(new string('0', 32))).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().SignUp(activity)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await person.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.Conflict, "not_enrolled");
    }

    [Fact]
    public async Task An_offer_holds_to_its_last_millisecond_and_no_longer()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await People(3);
        foreach (var person in people)
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        await OneMillisecondBeforeTheEnd(people[1]);
        await house.Services.GetRequiredService<ExpireOffers>().RunAsync(CancellationToken.None);
        Assert.Equal("offered", await StateOf(people[1], activity));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await people[1].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.Conflict, "no_offer");
        await house.Services.GetRequiredService<ExpireOffers>().RunAsync(CancellationToken.None);
        Assert.Equal("expired", await StateOf(people[1], activity));

        await OneMillisecondBeforeTheEnd(people[2]);
        (await people[2].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);

        async Task OneMillisecondBeforeTheEnd(Person person)
        {
            var until = (await person.Get($"{Stage.Mine}/{activity}/enrolment")).Body.GetProperty("offeredUntil").GetDateTimeOffset();
            house.Clock.Advance(until - house.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task An_offer_that_runs_out_at_the_beginning_goes_to_nobody_and_says_so()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await People(2);
        foreach (var person in people)
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromHours(1) - TimeSpan.FromMinutes(20));
        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await house.Services.GetRequiredService<ExpireOffers>().RunAsync(CancellationToken.None);

        var told = (await people[1].Get("/api/v1/me/messages")).Items.Single(m => m.Text("kind") == "offer_expired").Text("text");
        Assert.DoesNotContain("顺延", told, StringComparison.Ordinal);
        Assert.Contains("活动已经开始", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_desk_answers_every_wish_and_keeps_no_queue_when_all_are_answered()
    {
        var person = await house.Member();
        var personId = (await person.Get("/api/v1/me"))["personId"];
        var activities = new[] { await house.Open(), Ids.New(), Ids.New() };
        var desk = house.Services.GetRequiredService<EnrolmentDesk>();
        var caller = new Caller(personId, personId, SessionKind.Worker, "");

        // Each asks again as soon as she is answered: that is when a queue has just run empty.
        var answered = await Task.WhenAll(Enumerable.Range(0, 24).Select(async one =>
        {
            var count = 0;
            for (; count < 100; count++)
            {
                var activity = activities[(one + count) % activities.Length];
                var key = new IdempotencyKey($"desk-test-{one:00}-{count:00000}", $"PUT {Stage.Mine}/{activity}/enrolment");
                var wish = new Wish(
                    caller, personId, null, 0, new Dictionary<string, string>(), EnrolmentSource.Self, key, [1], house.Clock.GetUtcNow().ToUnixTimeMilliseconds());
                var outcome = await desk.SignUpAsync(activity, wish).WaitAsync(TimeSpan.FromSeconds(20));
                Assert.Equal(activity == activities[0], outcome.Enrolment is not null);
            }

            return count;
        }));

        Assert.Equal(2400, answered.Sum());
        for (var look = 0; look < 100 && desk.QueueCount > 0; look++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(0, desk.QueueCount);
    }

    [Fact]
    public async Task Groups_merge_at_their_instant_and_not_a_millisecond_before()
    {
        var form = await house.Form(new { name = "男", capacity = 1, rules = new { sex = "1" } }, new { name = "女", capacity = 1, rules = new { sex = "2" } });
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var men = await People(2);
        foreach (var man in men)
        {
            (await man.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
        Assert.Equal("waiting", await StateOf(men[1], activity));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
        Assert.Equal("offered", await StateOf(men[1], activity));
    }

    private async Task<Person[]> People(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => house.Member()));

    private static async Task<string> StateOf(Person person, string activity) =>
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["state"];
}
