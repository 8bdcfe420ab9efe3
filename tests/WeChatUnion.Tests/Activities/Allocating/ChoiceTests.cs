using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities.Allocating;

public sealed class ChoiceOnSqlite(SqliteHouse house) : ChoiceTests(house), IClassFixture<SqliteHouse>;

public sealed class ChoiceOnMariaDb(MariaDbHouse house) : ChoiceTests(house), IClassFixture<MariaDbHouse>;

public abstract class ChoiceTests(TestHouse house)
{
    [Fact]
    public async Task Each_decision_has_its_reason_and_the_rest_stand_in_line_by_their_numbers()
    {
        var activity = await house.OpenChoice(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var people = await SignUpAll(activity, 5);
        (await Decide(activity, people[0].Id, "admission")).MustBe(HttpStatusCode.Conflict, "allocation_not_due");
        house.Close();

        (await Decide(activity, people[3].Id, "admission", "连续三年先进个人")).MustBe(HttpStatusCode.NoContent);
        (await Decide(activity, people[0].Id, "rejection", "去年已参加过")).MustBe(HttpStatusCode.NoContent);
        (await Decide(activity, people[3].Id, "rejection")).MustBe(HttpStatusCode.Conflict, "enrolment_decided_already");
        (await Decide(activity, people[0].Id, "admission")).MustBe(HttpStatusCode.Conflict, "enrolment_decided_already");
        (await people[1].Person.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        (await Decide(activity, people[1].Id, "admission")).MustBe(HttpStatusCode.Conflict, "enrolment_decided_already");

        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var elsewhere = await house.Staff(Role.UnionChair, "xiaoji");
        var closing = $"{Stage.Office}/{activity}/allocation";
        (await elsewhere.Post(closing, new { version = 3 })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.Post(closing, new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await organiser.Post(closing, new { version = 2 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await organiser.Post(closing, new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post(closing, new { version = 3 })).MustBe(HttpStatusCode.Conflict, "places_allocated_already");
        (await Decide(activity, people[2].Id, "admission")).MustBe(HttpStatusCode.Conflict, "places_allocated_already");

        // The place that was left is offered to the lowest number at once.
        Assert.Equal(["not_admitted", "cancelled", "offered", "enrolled", "waiting"], await Task.WhenAll(people.Select(p => StateOf(p.Person, activity))));
        Assert.Equal("1", (await people[4].Person.Get($"{Stage.Mine}/{activity}/enrolment"))["position"]);
        Assert.Equal(["not_admitted", "applied"], await MessagesOf(people[0].Person));
        Assert.Equal(["admitted", "applied"], await MessagesOf(people[3].Person));
        var reasons = await house.Words($"SELECT reason_sealed FROM enrolment_steps WHERE kind IN ('admission', 'rejection') AND enrolment_id IN ('{people[0].Id}', '{people[3].Id}')");
        Assert.Equal(2, reasons.Count);
        Assert.All(reasons, r => Assert.DoesNotContain("年", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Merged_groups_lend_only_what_nobody_was_chosen_for()
    {
        var form = await house.Form(new { name = "男", capacity = 1, rules = new { sex = "1" } }, new { name = "女", capacity = 2, rules = new { sex = "2" } });
        form["allocation"] = "choice";
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var men = await SignUpAll(activity, 3);
        var woman = await house.Member(sex: "2");
        var hers = (await woman.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"];
        house.Close();
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);

        (await Decide(activity, men[0].Id, "admission")).MustBe(HttpStatusCode.NoContent);
        (await Decide(activity, men[1].Id, "admission")).MustBe(HttpStatusCode.Conflict, "group_full");
        (await Decide(activity, hers, "admission")).MustBe(HttpStatusCode.NoContent);
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post($"{Stage.Office}/{activity}/allocation", new { version = 3 })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(["enrolled", "offered", "waiting"], await Task.WhenAll(men.Select(m => StateOf(m.Person, activity))));
        Assert.Equal(3, await house.Number($"SELECT SUM(taken) FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task Twenty_admissions_at_once_give_no_more_than_there_is()
    {
        var activity = await house.OpenChoice(hasWaitingList: false, new { name = "开放名额", capacity = 4 });
        var people = await SignUpAll(activity, 20, guests: 1);
        house.Close();

        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var answers = await Task.WhenAll(people.Select(p => organiser.Post($"{Stage.Office}/{activity}/enrolments/{p.Id}/admission", new { reason = "综合考虑" })));

        Assert.Equal(2, answers.Count(a => a.Status == HttpStatusCode.NoContent));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.NoContent), a => a.MustBe(HttpStatusCode.Conflict, "group_full"));
        Assert.Equal(4, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));

        (await (await house.Staff(Role.UnionChair, "county")).Post($"{Stage.Office}/{activity}/allocation", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(18, await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'not_admitted' AND live_person_id IS NULL"));
        var winner = people[Array.FindIndex(answers, a => a.Status == HttpStatusCode.NoContent)].Person;
        (await winner.Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(2, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task A_decision_is_the_organisers_own_about_her_own_activity()
    {
        var other = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var activity = await house.OpenChoice(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var (person, id) = (await SignUpAll(activity, 1))[0];
        Assert.Contains("逐一决定", (await house.Anonymous().Get($"{Stage.Mine}/{activity}"))["allocationRule"], StringComparison.Ordinal);
        house.Close();
        var path = $"{Stage.Office}/{activity}/enrolments/{id}";
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var elsewhere = await house.Staff(Role.ActivityOrganiser, "xiaoji");
        foreach (var deed in new[] { "admission", "rejection" })
        {
            (await house.Anonymous().Post($"{path}/{deed}", new { reason = "理由" })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
            (await person.Post($"{path}/{deed}", new { reason = "理由" })).MustBe(HttpStatusCode.Forbidden);
            (await elsewhere.Post($"{path}/{deed}", new { reason = "理由" })).MustBe(HttpStatusCode.NotFound, "not_found");
            (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{new string('0', 32)}/{deed}", new { reason = "理由" })).MustBe(HttpStatusCode.NotFound, "not_found");
            (await organiser.Post($"{Stage.Office}/{other}/enrolments/{id}/{deed}", new { reason = "理由" })).MustBe(HttpStatusCode.Conflict, "not_a_choice");
            foreach (var reason in new[] { null, "好", new string('长', 301) })
            {
                Assert.Equal(["reason"], (await organiser.Post($"{path}/{deed}", new { reason })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
            }
        }

        (await organiser.Post($"{Stage.Office}/{other}/allocation", new { version = 3 })).MustBe(HttpStatusCode.Conflict, "not_a_choice");
        Assert.Equal("applied", await StateOf(person, activity));
        var key = Guid.NewGuid().ToString("N");
        (await organiser.Post($"{path}/admission", new { reason = "理由" }, key)).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post($"{path}/admission", new { reason = "理由" }, key)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM enrolment_steps WHERE enrolment_id = '{id}'"));
        (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<Answer> Decide(string activity, string enrolment, string deed, string reason = "综合考虑") =>
        await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post($"{Stage.Office}/{activity}/enrolments/{enrolment}/{deed}", new { reason });

    private async Task<(Person Person, string Id)[]> SignUpAll(string activity, int count, int guests = 0)
    {
        var people = new List<(Person, string)>();
        for (var i = 0; i < count; i++)
        {
            var person = await house.Member();
            people.Add((person, (await person.SignUp(activity, new { guests })).MustBe(HttpStatusCode.OK)["id"]));
        }

        return [.. people];
    }

    private static async Task<string> StateOf(Person person, string activity) =>
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["state"];

    private static async Task<IEnumerable<string>> MessagesOf(Person person) =>
        (await person.Get("/api/v1/me/messages")).Items.Select(m => m.Text("kind"));
}
