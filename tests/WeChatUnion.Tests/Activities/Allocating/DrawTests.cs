using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Allocating;

public sealed class DrawOnSqlite(SqliteHouse house) : DrawTests(house), IClassFixture<SqliteHouse>;

public sealed class DrawOnMariaDb(MariaDbHouse house) : DrawTests(house), IClassFixture<MariaDbHouse>;

public abstract partial class DrawTests(TestHouse house)
{
    [Fact]
    public async Task Anybody_recomputes_a_draw_from_what_is_public_and_finds_what_was_changed_in_it()
    {
        var activity = await house.OpenDraw(
            hasWaitingList: true,
            new { name = "男", capacity = 3, rules = new { sex = "1" } },
            new { name = "女", capacity = 2, rules = new { sex = "2" } });
        var people = new Dictionary<int, Person>();
        for (var i = 0; i < 12; i++)
        {
            var person = await house.Member(sex: i < 8 ? "1" : "2");
            var answer = (await person.SignUp(activity, new { guests = i % 4 == 3 ? 1 : 0 })).MustBe(HttpStatusCode.OK);
            Assert.Equal("applied", answer["state"]);
            people[int.Parse(answer["number"], null)] = person;
        }

        var declared = (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK);
        (await people[2].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        house.Close();
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        var frozen = (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK);
        (await people[5].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        house.LetValueBeKnown();
        var valueId = await house.EnterValue(activity);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Confirm(activity, valueId)).MustBe(HttpStatusCode.NoContent);

        var drawn = (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK);
        Assert.Equal(declared["commitment"], drawn["commitment"]);
        Assert.Equal(frozen["list"], drawn["list"]);
        Assert.Equal([1, 3, 4, 5, 6, 7, 8], NumbersOf(drawn.Body.GetProperty("list").GetProperty("groups")[0]));
        Assert.Equal("[5]", drawn.Body.GetProperty("result").GetProperty("withdrawn").ToString());
        await Follows(drawn, people, activity);

        var yes = await Lots.Recompute(drawn.Text);
        Assert.True(yes.Code == 0, yes.Says);
        foreach (var lie in Lies(drawn.Text))
        {
            Assert.Equal(1, (await Lots.Recompute(lie)).Code);
        }
    }

    [Fact]
    public async Task A_copy_names_a_value_of_its_own_and_places_stay_as_published_until_the_draw()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        // An hour after the opening; the copy's value is known at the same time of the week, twelve hours before it begins.
        var startsAt = house.Clock.GetUtcNow().AddHours(-1).AddDays(31);
        var knownAt = startsAt.AddHours(-12);
        var copies = $"{Stage.Office}/{activity}/copies";
        (await organiser.Post(copies, new { startsAt })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var copy = (await organiser.Post(copies, new { startsAt, draw = new { issue = Lots.IssueAt(knownAt), knownAt } }))
            .MustBe(HttpStatusCode.Created);
        (await organiser.Post($"{Stage.Office}/{copy["id"]}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);

        var group = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("groups")[0].Text("groupId");
        var capacity = $"{Stage.Office}/{activity}/groups/{group}/capacity";
        (await organiser.Put(capacity, new { version = 3, capacity = 3, reason = "场地更大" })).MustBe(HttpStatusCode.OK);
        house.Close();
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Put(capacity, new { version = 4, capacity = 5, reason = "场地更大" })).MustBe(HttpStatusCode.Conflict, "places_being_drawn");
        house.LetValueBeKnown();
        var valueId = await house.EnterValue(activity);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Confirm(activity, valueId)).MustBe(HttpStatusCode.NoContent);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Put(capacity, new { version = 4, capacity = 5, reason = "场地更大" })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_winners_place_goes_to_the_next_in_the_order_of_the_draw()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var people = await SignUpAll(activity, 5);
        var result = await Draw(activity);
        var group = result.GetProperty("groups")[0];
        int[] winners = [.. group.GetProperty("winners").EnumerateArray().Select(n => n.GetInt32())];
        int[] line = [.. group.GetProperty("line").EnumerateArray().Select(n => n.GetInt32())];

        (await people[winners[0]].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);

        Assert.Equal("offered", await StateOf(people[line[0]], activity));
        Assert.Equal("1", (await people[line[1]].Get($"{Stage.Mine}/{activity}/enrolment"))["position"]);
        (await people[line[0]].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);
        Assert.Equal(2, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
        Assert.Equal(["admitted", "applied"], await MessagesOf(people[winners[0]]));
        Assert.Equal(["waiting_after_allocation", "applied"], await MessagesOf(people[line[1]]));
    }

    [Fact]
    public async Task Without_a_waiting_list_the_others_are_not_admitted_and_told()
    {
        var activity = await house.OpenDraw(hasWaitingList: false, new { name = "开放名额", capacity = 2 });
        var people = await SignUpAll(activity, 4);
        var group = (await Draw(activity)).GetProperty("groups")[0];

        foreach (var number in group.GetProperty("line").EnumerateArray().Select(n => n.GetInt32()))
        {
            var seen = await people[number].Get($"{Stage.Mine}/{activity}/enrolment");
            Assert.Equal(("not_admitted", "rejection"), (seen["state"], seen.Body.GetProperty("steps")[0].Text("kind")));
            Assert.Equal(["not_admitted", "applied"], await MessagesOf(people[number]));
            (await people[number].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
            Assert.Equal("not_admitted", await StateOf(people[number], activity));
        }

        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'enrolled'"));
    }

    [Fact]
    public async Task A_sign_up_for_a_draw_takes_no_place_and_is_withdrawn_freely()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "女", capacity = 1, rules = new { sex = "2" } }, new { name = "开放名额", capacity = 1 });
        var (first, second) = (await house.Member(), await house.Member());
        var his = (await first.SignUp(activity)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("applied", "1", ""), (his["state"], his["number"], his["position"]));
        Assert.Equal("applied", (await second.SignUp(activity, new { guests = 2 })).MustBe(HttpStatusCode.OK)["state"]);

        var seen = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).MustBe(HttpStatusCode.OK);
        var groups = seen.Body.GetProperty("groups");
        Assert.Equal(("1", "0", "0"), (groups[0].Text("left"), groups[0].Text("waiting"), groups[0].Text("applied")));
        Assert.Equal((his["groupId"], "1", "0", "2"), (groups[1].Text("groupId"), groups[1].Text("left"), groups[1].Text("waiting"), groups[1].Text("applied")));
        Assert.Equal("开放名额", (await first.Get($"{Stage.Mine}/{activity}/enrolment"))["groupName"]);
        Assert.Contains((await first.Get("/api/v1/me/enrolments")).Items, i => i.Text("activityId") == activity && i.Text("state") == "applied");

        (await first.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("cancelled", await StateOf(first, activity));
        Assert.Equal("3", (await first.SignUp(activity)).MustBe(HttpStatusCode.OK)["number"]);
        (await first.Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.Conflict, "no_offer");
        Assert.Equal("0", (await first.Get("/api/v1/me/conduct-points"))["total"]);
    }

    [Fact]
    public async Task A_draw_is_declared_before_anybody_can_know_its_value()
    {
        await house.DrawForm();
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var now = house.Clock.GetUtcNow();
        var issue = Lots.IssueAt(now.AddDays(2.5));
        foreach (var (draw, wrong) in new (object?, string)[]
        {
            (null, "draw"),
            (new { issue = Lots.IssueAt(now.AddDays(2)), knownAt = now.AddDays(2) }, "draw.knownAt"),
            (new { issue = Lots.IssueAt(now.AddDays(3)), knownAt = now.AddDays(3) }, "draw.knownAt"),
            (new { issue = "第138期", knownAt = now.AddDays(2.5) }, "draw.issue"),
            (new { knownAt = now.AddDays(2.5) }, "activity.draw.issue"),
            (new { issue }, "activity.draw.knownAt"),
        })
        {
            var wrongForm = await house.DrawForm();
            (wrongForm["draw"], wrongForm["closesAt"]) = (draw, now.AddDays(2));
            Assert.Equal([wrong], (await organiser.Post(Stage.Office, new { activity = wrongForm })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        var firstCome = await house.DrawForm();
        firstCome["allocation"] = "first_come";
        Assert.Equal(["draw"], (await organiser.Post(Stage.Office, new { activity = firstCome })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);

        var form = await house.DrawForm();
        var id = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await organiser.Put($"{Stage.Office}/{id}", new { version = 1, activity = form })).MustBe(HttpStatusCode.OK);
        var preview = (await organiser.Get($"{Stage.Office}/{id}")).Body.GetProperty("preview");
        Assert.Equal(("福彩双色球", ""), (preview.GetProperty("activity").GetProperty("draw").Text("source"), preview.Text("drawCommitment")));
        (await house.Anonymous().Get($"{Stage.Mine}/{id}/draw")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 2 })).MustBe(HttpStatusCode.NoContent);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Post($"{Stage.Office}/{id}/approval", new { version = 3 })).MustBe(HttpStatusCode.NoContent);

        var seen = (await house.Anonymous().Get($"{Stage.Mine}/{id}")).MustBe(HttpStatusCode.OK);
        Assert.Matches("^[0-9a-f]{64}$", seen["drawCommitment"]);
        Assert.Contains("抽签", seen["allocationRule"], StringComparison.Ordinal);
        Assert.Equal(issue, seen.Body.GetProperty("activity").GetProperty("draw").Text("issue"));
        Assert.Contains((await house.Anonymous().Get($"{Stage.Mine}?words=趣味&take=50")).Items, i => i.Text("id") == id && i.Text("allocationRule") == seen["allocationRule"]);
        var published = (await house.Anonymous().Get($"{Stage.Mine}/{id}/draw")).MustBe(HttpStatusCode.OK);
        Assert.Equal((seen["drawCommitment"], "", ""), (published["commitment"], published["list"], published["result"]));
        Assert.DoesNotContain("secret", published.Text, StringComparison.Ordinal);
        Assert.Contains(':', await house.Text($"SELECT secret_sealed FROM draws WHERE activity_id = '{id}'"));
    }

    [Fact]
    public async Task The_value_is_entered_once_it_is_known_and_confirmed_by_somebody_else_who_read_the_same()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var values = $"{Stage.Office}/{activity}/draw-values";
        await SignUpAll(activity, 2);
        var body = new { value = Lots.Value };
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post(values, body)).MustBe(HttpStatusCode.Conflict, "allocation_not_due");
        house.Close();
        house.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post(values, body)).MustBe(HttpStatusCode.Conflict, "allocation_not_due");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var elsewhere = await house.Staff(Role.UnionChair, "xiaoji");
        (await house.Anonymous().Post(values, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await elsewhere.Post(values, body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.Post($"{Stage.Office}/{new string('0', 32)}/draw-values", body)).MustBe(HttpStatusCode.NotFound, "not_found");
        foreach (var value in new[] { null, "", "7", "12 05 18 22 27 31+09", new string('1', 101) })
        {
            Assert.Equal(["value"], (await organiser.Post(values, new { value })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        var key = Guid.NewGuid().ToString("N");
        var wrongId = (await organiser.Post(values, new { value = "05 12 18 22 27 31+08" }, key)).MustBe(HttpStatusCode.Created)["id"];
        Assert.Equal(wrongId, (await organiser.Post(values, new { value = "05 12 18 22 27 31+08" }, key)).MustBe(HttpStatusCode.Created)["id"]);
        (await chair.Post(values, body)).MustBe(HttpStatusCode.Conflict, "draw_value_entered_already");
        (await organiser.Confirm(activity, wrongId, "05 12 18 22 27 31+08")).MustBe(HttpStatusCode.Conflict, "own_draw_value");
        (await chair.Confirm(activity, wrongId)).MustBe(HttpStatusCode.Conflict, "draw_value_differs");
        (await elsewhere.Confirm(activity, wrongId, "05 12 18 22 27 31+08")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await elsewhere.Post($"{values}/{wrongId}/return", new { reason = "越权" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await elsewhere.Get(values)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await chair.Post($"{values}/{wrongId}/return", new { reason = "蓝球号码不对" })).MustBe(HttpStatusCode.NoContent);
        (await chair.Confirm(activity, wrongId, "05 12 18 22 27 31+08")).MustBe(HttpStatusCode.Conflict, "draw_value_decided_already");
        (await chair.Confirm(activity, new string('0', 32))).MustBe(HttpStatusCode.NotFound, "not_found");

        var valueId = await house.EnterValue(activity);
        var listed = (await chair.Get(values)).MustBe(HttpStatusCode.OK).Items;
        Assert.Equal(["entered", "returned"], listed.Select(v => v.Text("state")));
        Assert.Equal(("False", "蓝球号码不对"), (listed[0].Text("isMine"), listed[1].Text("reason")));
        Assert.DoesNotContain("蓝球", await house.Text($"SELECT reason_sealed FROM draw_values WHERE id = '{wrongId}'"), StringComparison.Ordinal);
        (await chair.Confirm(activity, valueId)).MustBe(HttpStatusCode.NoContent);
        (await chair.Confirm(activity, valueId)).MustBe(HttpStatusCode.Conflict, "places_allocated_already");
        (await organiser.Post(values, body)).MustBe(HttpStatusCode.Conflict, "places_allocated_already");
        var steps = (await organiser.Get($"{Stage.Office}/{activity}")).Body.GetProperty("steps");
        Assert.Equal("allocation", steps[steps.GetArrayLength() - 1].Text("kind"));
    }

    [Fact]
    public async Task The_list_is_frozen_ten_seconds_after_closing_and_nobody_joins_it_any_more()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var (early, late, other) = (await house.Member(), await house.Member(), await house.Member());
        house.Clock.Advance(TimeSpan.FromHours(47) - TimeSpan.FromMilliseconds(1));
        (await early.SignUp(activity)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await late.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "sign_up_closed");
        house.Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("", (await Frozen(activity))["list"]);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1) + TimeSpan.FromSeconds(5));
        var frozen = await Frozen(activity);
        Assert.Equal([1], NumbersOf(frozen.Body.GetProperty("list").GetProperty("groups")[0]));
        Assert.Matches("^[0-9a-f]{64}$", frozen.Body.GetProperty("list").Text("hash"));
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(frozen.Text, (await Frozen(activity)).Text);

        // A wish of before closing whose turn comes after the freezing, as if the clock had stood still for it.
        var open = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        await house.Execute($"INSERT INTO draw_lists (activity_id, content, hash, frozen_at) VALUES ('{open}', 'draw-list 1\nactivity {open}\n', '{new string('0', 64)}', 1)");
        (await other.SignUp(open)).MustBe(HttpStatusCode.Conflict, "sign_up_closed");
    }

    [Fact]
    public async Task Two_nodes_confirm_at_once_and_the_places_are_drawn_once()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 3 });
        await SignUpAll(activity, 6);
        house.Close();
        house.LetValueBeKnown();
        var valueId = await house.EnterValue(activity);
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var county = await house.Staff(Role.UnionChair, "county");
        using var elsewhere = house.AnotherNode().CreateClient();
        var there = new Person(elsewhere, county.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? chair : there).Confirm(activity, valueId)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.NoContent), a => a.MustBe(HttpStatusCode.Conflict, "places_allocated_already"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM activity_steps WHERE activity_id = '{activity}' AND kind = 'allocation'"));
        Assert.Equal(3, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
        Assert.Equal(3, await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'waiting'"));
    }

    [Fact]
    public async Task A_thousand_are_drawn_in_one_go_for_the_places_that_are_left()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 700 });
        var groupId = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("groups")[0].Text("groupId");
        await house.Crowd(activity, groupId, 1200);

        // A place that was given otherwise.
        await house.Execute($"UPDATE activity_groups SET taken = 1 WHERE id = '{groupId}'");
        var group = (await Draw(activity)).GetProperty("groups")[0];

        Assert.Equal((699, 699, 501), (group.GetProperty("places").GetInt32(), group.GetProperty("winners").GetArrayLength(), group.GetProperty("line").GetArrayLength()));
        Assert.Equal(0, (await Lots.Recompute((await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).Text)).Code);
        Assert.Equal(700, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
        var last = group.GetProperty("line")[500].GetInt32();
        Assert.Equal(501, await house.Number($"SELECT line FROM enrolments WHERE activity_id = '{activity}' AND number = {last} AND state = 'waiting'"));
        Assert.Equal(699, await house.Number($"SELECT COUNT(*) FROM enrolment_steps s JOIN enrolments e ON e.id = s.enrolment_id WHERE e.activity_id = '{activity}' AND s.kind = 'admission'"));
    }

    [Fact]
    public async Task Other_activities_are_not_drawn_nor_one_called_off_or_begun()
    {
        var firstCome = await house.Open(new { name = "开放名额", capacity = 1 });
        var calledOff = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var applied = (await SignUpAll(calledOff, 1))[1];
        var begun = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Post($"{Stage.Office}/{calledOff}/cancellation", new { version = 3, reason = "场地检修" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("removed", await StateOf(applied, calledOff));
        house.Clock.Advance(TimeSpan.FromHours(71));

        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var body = new { value = Lots.Value };
        (await organiser.Post($"{Stage.Office}/{firstCome}/draw-values", body)).MustBe(HttpStatusCode.Conflict, "not_a_draw");
        (await house.Anonymous().Get($"{Stage.Mine}/{firstCome}/draw")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.Post($"{Stage.Office}/{calledOff}/draw-values", body)).MustBe(HttpStatusCode.Conflict, "activity_cancelled");
        (await organiser.Post($"{Stage.Office}/{begun}/draw-values", body)).MustBe(HttpStatusCode.Conflict, "allocation_too_late");
    }

    /// <summary>Everybody stands as the published result says, and is told her number.</summary>
    private static async Task Follows(Answer drawn, Dictionary<int, Person> people, string activity)
    {
        foreach (var group in drawn.Body.GetProperty("result").GetProperty("groups").EnumerateArray())
        {
            foreach (var (property, state) in new[] { ("winners", "enrolled"), ("line", "waiting") })
            {
                var position = 0;
                foreach (var number in group.GetProperty(property).EnumerateArray().Select(n => n.GetInt32()))
                {
                    var seen = (await people[number].Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK);
                    Assert.Equal((state, number.ToString((IFormatProvider?)null)), (seen["state"], seen["number"]));
                    Assert.Equal(state == "waiting" ? $"{++position}" : "", seen["position"]);
                }
            }
        }
    }

    /// <summary>The same draw with one thing changed in each.</summary>
    private static IEnumerable<string> Lies(string draw)
    {
        Action<JsonNode>[] changes =
        [
            d => d["list"]!["groups"]![0]!["entries"]![0]!["number"] = 99,
            d => ((JsonArray)d["list"]!["groups"]![0]!["entries"]!).RemoveAt(0),
            d => d["result"]!["groups"]![0]!["winners"]![0] = d["result"]!["groups"]![0]!["line"]![0]!.DeepClone(),
            d => d["result"]!["secret"] = new string('0', 64),
            d => d["result"]!["value"] = "05 12 18 22 27 31+10",
        ];
        foreach (var change in changes)
        {
            var lie = JsonNode.Parse(draw)!;
            change(lie);
            yield return lie.ToJsonString();
        }
    }

    private async Task<Answer> Frozen(string activity)
    {
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        return (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> Draw(string activity)
    {
        house.Close();
        house.LetValueBeKnown();
        var valueId = await house.EnterValue(activity);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Confirm(activity, valueId)).MustBe(HttpStatusCode.NoContent);
        return (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK).Body.GetProperty("result");
    }

    private async Task<Dictionary<int, Person>> SignUpAll(string activity, int count)
    {
        var people = new Dictionary<int, Person>();
        for (var i = 0; i < count; i++)
        {
            var person = await house.Member();
            people[int.Parse((await person.SignUp(activity)).MustBe(HttpStatusCode.OK)["number"], null)] = person;
        }

        return people;
    }

    private static int[] NumbersOf(JsonElement group) => [.. group.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("number").GetInt32())];

    private static async Task<string> StateOf(Person person, string activity) =>
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["state"];

    /// <summary>What she was told of her sign-up, the newest first; reminders of the day are another matter.</summary>
    private static async Task<IEnumerable<string>> MessagesOf(Person person) =>
        (await person.Get("/api/v1/me/messages")).Items.Select(m => m.Text("kind")).Where(k => k != "activity_reminder");
}
