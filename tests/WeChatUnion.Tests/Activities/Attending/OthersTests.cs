using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Attending;

public sealed class OthersOnSqlite(SqliteHouse house) : OthersTests(house), IClassFixture<SqliteHouse>;

public sealed class OthersOnMariaDb(MariaDbHouse house) : OthersTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Sign-ups by clerks, by organisers and at the door, and messages to one person.</summary>
public abstract class OthersTests(TestHouse house)
{
    [Fact]
    public async Task A_units_clerk_signs_her_member_up_who_is_told_and_cancels_as_usual()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var (first, second) = (await house.Member(), await house.Member());
        var clerk = await house.Staff(Role.MembershipOfficer, "jinsui");
        var membership = await MembershipOf(first);

        var key = Guid.NewGuid().ToString("N");
        var made = (await clerk.SignUpFor(activity, new { membershipId = membership }, key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("enrolled", "1", "clerk"), (made["state"], made["number"], made["source"]));
        Assert.Equal(made["id"], (await clerk.SignUpFor(activity, new { membershipId = membership }, key)).MustBe(HttpStatusCode.OK)["id"]);
        Assert.Equal(made["id"], (await clerk.SignUpFor(activity, new { membershipId = membership })).MustBe(HttpStatusCode.OK)["id"]);
        (await clerk.SignUpFor(activity, new { membershipId = membership, guests = 1 }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Equal("waiting", (await clerk.SignUpFor(activity, new { personId = await second.PersonId() })).MustBe(HttpStatusCode.OK)["state"]);

        Assert.Contains((await first.Get("/api/v1/me/messages")).Items, m => m.Text("text").Contains("代为报名", StringComparison.Ordinal));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'enrol' AND record_id = '{made["id"]}' AND subject_id = '{await first.PersonId()}'"));
        (await first.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("cancelled", (await clerk.SignUpFor(activity, new { membershipId = membership }, key)).MustBe(HttpStatusCode.OK)["state"]);
        Assert.Equal("offered", (await second.Get($"{Stage.Mine}/{activity}/enrolment"))["state"]);
    }

    [Fact]
    public async Task A_clerks_repeat_finds_its_sign_up_also_in_a_batch_that_a_worker_began()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 5 });
        var (member, other) = (await house.Member(), await house.Member());
        var (memberId, otherId) = (await member.PersonId(), await other.PersonId());
        var clerk = new Caller(otherId, otherId, SessionKind.Staff, "");
        var key = new IdempotencyKey("0123456789abcdef", $"POST {Stage.Office}/{activity}/enrolments");
        var wish = new Wish(clerk, memberId, null, 0, new Dictionary<string, string>(), EnrolmentSource.Clerk, key, [1], house.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var made = (await Decide(activity, wish))[0];
        (await member.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);

        var own = wish with { PersonId = otherId, Source = EnrolmentSource.Self, Key = new IdempotencyKey("fedcba9876543210", $"PUT {Stage.Mine}/{activity}/enrolment") };
        var outcomes = await Decide(activity, own, wish);

        Assert.Equal((EnrolmentState.Enrolled, EnrolmentState.Cancelled), (outcomes[0].Enrolment!.State, outcomes[1].Enrolment!.State));
        Assert.Equal(made.Enrolment!.Id, outcomes[1].Enrolment!.Id);
    }

    [Fact]
    public async Task Reach_decides_whom_and_the_rules_of_sign_up_hold_for_everybody()
    {
        var activity = await house.Open(new { name = "女", capacity = 1, rules = new { sex = "2" } });
        var (man, stranger, far) = (await house.Member(), await house.Worker(), await house.Member("hongyuan"));
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var clerk = await house.Staff(Role.MembershipOfficer, "jinsui");

        Assert.Contains("仅限女职工", (await clerk.SignUpFor(activity, new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.Conflict, "not_eligible")["detail"], StringComparison.Ordinal);
        (await clerk.SignUpFor(activity, new { membershipId = await MembershipOf(far) })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.SignUpFor(activity, new { personId = await stranger.PersonId() })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.SignUpFor(activity, new { membershipId = new string('0', 32) })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.SignUpFor(new string('0', 32), new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await clerk.SignUpFor(activity, new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await man.SignUpFor(activity, new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().SignUpFor(activity, new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

        var woman = await house.Member(sex: "2");
        Assert.Equal("organiser", (await organiser.SignUpFor(activity, new { membershipId = await MembershipOf(woman) })).MustBe(HttpStatusCode.OK)["source"]);
        var draft = await house.Publish(await house.Form());
        (await clerk.SignUpFor(draft, new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.Conflict, "sign_up_not_open_yet");
        house.Clock.Advance(TimeSpan.FromDays(2));
        (await (await house.Staff(Role.MembershipOfficer, "jinsui")).SignUpFor(draft, new { membershipId = await MembershipOf(man) })).MustBe(HttpStatusCode.Conflict, "sign_up_closed");
    }

    [Fact]
    public async Task A_walk_in_gets_a_free_place_and_is_checked_in_at_once()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var (first, second) = (await house.Member("hongyuan"), await house.Member());
        await house.MoveToStart(activity, minutes: -60);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        var key = Guid.NewGuid().ToString("N");
        var came = (await organiser.WalkIn(activity, await first.Code(), key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("1", "walk_in", "False"), (came["number"], came["source"], came["isRepeated"]));
        Assert.Equal((came["checkInId"], "True"), ((await organiser.WalkIn(activity, await first.Code(), key))["checkInId"], (await organiser.WalkIn(activity, await first.Code()))["isRepeated"]));
        (await organiser.WalkIn(activity, await second.Code())).MustBe(HttpStatusCode.Conflict, "activity_full");
        Assert.Equal((1, 1), (await house.CheckInsOf(activity), await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'")));
        Assert.Equal("enrolled", (await first.Get($"{Stage.Mine}/{activity}/enrolment"))["state"]);
    }

    [Fact]
    public async Task A_walk_in_needs_an_open_door_and_meets_the_rules()
    {
        var activity = await house.Open(new { name = "女", capacity = 2, rules = new { sex = "2" } });
        var (man, woman) = (await house.Member(), await house.Member(sex: "2"));
        await house.MoveToStart(activity, minutes: -60);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.WalkIn(activity, await man.Code())).MustBe(HttpStatusCode.Conflict, "not_eligible");
        (await (await house.Staff(Role.ActivityOrganiser, "xiaoji")).WalkIn(activity, await woman.Code())).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.WalkIn(activity, "nonsense")).MustBe(HttpStatusCode.Conflict, "member_code_invalid");
        (await organiser.Post($"{Stage.Office}/{activity}/walk-ins", new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/walk-ins", new { memberCode = "x" })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await organiser.Post($"{Stage.Office}/{activity}/walk-ins", new { membershipId = await MembershipOf(woman) })).MustBe(HttpStatusCode.OK);
        await house.MoveToStart(activity, minutes: 120);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.WalkIn(activity, await (await house.Member(sex: "2")).Code())).MustBe(HttpStatusCode.Conflict, "check_in_closed");
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}'"));

        var later = await house.Open(new { name = "开放名额", capacity = 1 });
        await house.MoveToStart(later, minutes: -61);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.WalkIn(later, await woman.Code())).MustBe(HttpStatusCode.Conflict, "check_in_not_open_yet");
    }

    [Fact]
    public async Task The_line_goes_first_until_the_beginning_and_then_who_came_goes_in()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await house.People(3);
        var numbers = new List<string>();
        foreach (var person in people)
        {
            numbers.Add((await person.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"]);
        }

        var newcomer = await house.Member();
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Contains("候补顺序", (await organiser.WalkIn(activity, await newcomer.Code())).MustBe(HttpStatusCode.Conflict, "activity_full")["detail"], StringComparison.Ordinal);
        (await organiser.WalkIn(activity, await people[1].Code())).MustBe(HttpStatusCode.Conflict, "no_place_given");
        await house.MoveToStart(activity);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{numbers[0]}/removal", new { reason = "没有来" })).MustBe(HttpStatusCode.NoContent);

        var came = (await organiser.WalkIn(activity, await people[2].Code())).MustBe(HttpStatusCode.OK);
        Assert.Equal((numbers[2], "self"), (came["enrolmentId"], came["source"]));
        (await organiser.WalkIn(activity, await people[1].Code())).MustBe(HttpStatusCode.Conflict, "activity_full");
        Assert.Equal(("waiting", "enrolled"), ((await people[1].Get($"{Stage.Mine}/{activity}/enrolment"))["state"], (await people[2].Get($"{Stage.Mine}/{activity}/enrolment"))["state"]));
        Assert.Equal(1, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task Twenty_walk_ins_at_once_on_two_nodes_for_three_places_let_three_in()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 3 });
        var people = await house.People(20);
        await house.MoveToStart(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var there = new Person(house.AnotherNode().CreateClient(), organiser.Token);
        var codes = await Task.WhenAll(people.Select(p => p.Code()));

        var answers = await Task.WhenAll(codes.Select((code, i) => (i % 2 == 0 ? organiser : there).WalkIn(activity, code)));

        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "activity_full"));
        Assert.Equal((3, 3), (await house.CheckInsOf(activity), await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}'")));

        var one = answers.Select((a, i) => (a, i)).First(x => x.a.Status == HttpStatusCode.OK).i;
        var again = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? organiser : there).WalkIn(activity, codes[one])));
        Assert.Single(again.Select(a => a.MustBe(HttpStatusCode.OK)["checkInId"]).Distinct());
    }

    [Fact]
    public async Task The_organiser_messages_one_person_and_the_log_keeps_no_word_of_it()
    {
        var (activity, members) = await house.Gathered(2);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var ids = (await organiser.Get($"{Stage.Office}/{activity}/enrolments")).Ids;
        var messages = $"{Stage.Office}/{activity}/enrolments/{ids[0]}/messages";
        var key = Guid.NewGuid().ToString("N");

        (await organiser.Post(messages, new { text = "请带好运动鞋" }, key)).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post(messages, new { text = "请带好运动鞋" }, key)).MustBe(HttpStatusCode.NoContent);

        Assert.Single((await members[0].Get("/api/v1/me/messages")).Items, m => m.Text("text").Contains("请带好运动鞋", StringComparison.Ordinal));
        Assert.DoesNotContain((await members[1].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "organiser_message");
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'message_enrolled' AND record_id = '{ids[0]}'"));
        Assert.DoesNotContain(house.Log, line => line.Contains("运动鞋", StringComparison.Ordinal));
        (await organiser.Post(messages, new { text = "" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{new string('0', 32)}/messages", new { text = "您好" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.ActivityOrganiser, "xiaoji")).Post(messages, new { text = "越权" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await members[0].Post(messages, new { text = "本人" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private Task<IReadOnlyList<WishOutcome>> Decide(string activity, params Wish[] wishes) => house.Database.TransactAsync(
        db => house.Services.GetRequiredService<SignUp>().DecideAsync(db, activity, wishes, CancellationToken.None), CancellationToken.None);

    private async Task<string> MembershipOf(Person person) =>
        await house.Text($"SELECT id FROM memberships WHERE live_person_id = '{await person.PersonId()}'");
}
