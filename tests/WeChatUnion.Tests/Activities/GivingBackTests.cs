using System.Net;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class GivingBackOnSqlite(SqliteHouse house) : GivingBackTests(house), IClassFixture<SqliteHouse>;

public sealed class GivingBackOnMariaDb(MariaDbHouse house) : GivingBackTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Who gives a place back, whose place is taken from her, and who keeps it.</summary>
public abstract class GivingBackTests(TestHouse house)
{
    [Fact]
    public async Task Who_is_checked_in_while_she_cancels_keeps_her_place()
    {
        var (activity, members) = await house.Gathered(1);
        await house.MoveToStart(activity, minutes: -30);

        var cancelled = await DuringCheckIn(
            await EnrolmentOf(members[0], activity), () => members[0].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted"));

        cancelled.MustBe(HttpStatusCode.Conflict, "checked_in_already");
        Assert.Equal("enrolled", await StateOf(members[0], activity));
        Assert.Equal("0", (await members[0].Get("/api/v1/me/conduct-points"))["total"]);
        Assert.Equal(1, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task Who_is_checked_in_is_not_taken_off_the_list()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var (first, second) = (await EnrolmentOf(members[0], activity), await EnrolmentOf(members[1], activity));
        (await organiser.Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);

        var refused = (await Remove(organiser, activity, first)).MustBe(HttpStatusCode.Conflict, "checked_in_already");
        Assert.Contains("移除", refused["detail"], StringComparison.Ordinal);
        (await DuringCheckIn(second, () => Remove(organiser, activity, second))).MustBe(HttpStatusCode.Conflict, "checked_in_already");

        Assert.Equal(("enrolled", "enrolled"), (await StateOf(members[0], activity), await StateOf(members[1], activity)));
    }

    [Fact]
    public async Task Fewer_places_move_nobody_who_is_checked_in()
    {
        var (activity, members) = await house.Gathered(4);
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Scan(activity, await members[3].Code())).MustBe(HttpStatusCode.OK);
        (await organiser.Scan(activity, await members[2].Code())).MustBe(HttpStatusCode.OK);

        var refused = (await Shrink(organiser, activity, 1, 3)).MustBe(HttpStatusCode.Conflict, "capacity_below_taken");
        Assert.Contains("已签到", refused["detail"], StringComparison.Ordinal);
        Assert.Contains("2 个", refused["detail"], StringComparison.Ordinal);
        var during = await DuringCheckIn(await EnrolmentOf(members[1], activity), () => Shrink(organiser, activity, 3, 3));
        if (during.Status != HttpStatusCode.OK)
        {
            during.MustBe(HttpStatusCode.Conflict, "capacity_below_taken");
            during = await Shrink(organiser, activity, 3, 3);
        }

        Assert.Equal("1", during.MustBe(HttpStatusCode.OK)["moved"]);

        Assert.Equal(["waiting", "enrolled", "enrolled", "enrolled"], await Task.WhenAll(members.Select(m => StateOf(m, activity))));
    }

    [Fact]
    public async Task Who_was_signed_up_by_somebody_else_or_chosen_late_gets_no_points_for_what_she_never_agreed_to()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 5 });
        form["cancelUntil"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        var choice = await house.Form(new { name = "开放名额", capacity = 5 });
        choice["allocation"] = "choice";
        choice["cancelUntil"] = house.Clock.GetUtcNow().AddHours(2);
        var chosen = await house.Publish(choice);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var people = await house.People(5);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        foreach (var person in people[..2])
        {
            (await organiser.SignUpFor(activity, new { personId = await person.PersonId() })).MustBe(HttpStatusCode.OK);
            (await person.SignUp(chosen)).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.SignUpFor(activity, new { personId = await people[2].PersonId() })).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var late = (await organiser.SignUpFor(activity, new { personId = await people[3].PersonId() })).MustBe(HttpStatusCode.Conflict, "too_late_to_sign_up_others");
        Assert.Contains("由本人报名", late["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("对本人的答复", late["detail"], StringComparison.Ordinal);
        (await people[3].SignUp(activity)).MustBe(HttpStatusCode.OK);

        // Hers since before the deadline, or taken by herself after it: late.
        (await people[2].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.Conflict, "late_cancellation");
        (await people[3].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.Conflict, "late_cancellation");

        // Given to her after it: until the beginning without points, and no points when she does not come.
        house.Clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromHours(2) + TimeSpan.FromSeconds(10));
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        foreach (var person in people[..2])
        {
            (await organiser.Post($"{Stage.Office}/{chosen}/enrolments/{await EnrolmentOf(person, chosen)}/admission", new { reason = "先进个人" })).MustBe(HttpStatusCode.NoContent);
        }

        var seen = (await people[0].Get($"{Stage.Mine}/{chosen}/enrolment")).Body.GetProperty("cancelUntil").GetDateTimeOffset();
        Assert.Equal(await house.Number($"SELECT starts_at FROM activities WHERE id = '{chosen}'"), seen.ToUnixTimeMilliseconds());
        (await people[0].Delete($"{Stage.Mine}/{chosen}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Contains((await people[0].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "admitted" && m.Text("text").Contains("不记守约分", StringComparison.Ordinal));
        await house.MoveToStart(chosen);
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).WalkIn(chosen, await people[4].Code())).MustBe(HttpStatusCode.OK);
        await house.MoveToStart(chosen, minutes: 240);
        await house.Services.GetRequiredService<MarkNoShows>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await house.Number($"SELECT no_shows FROM attendance_closings WHERE activity_id = '{chosen}'"));
        Assert.Equal(["0", "0"], await Task.WhenAll(people[..2].Select(async p => (await p.Get("/api/v1/me/conduct-points"))["total"])));
    }

    [Fact]
    public async Task A_late_repeat_that_names_its_sign_up_leaves_the_next_one_alone()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var (first, second) = (await house.Member(), await house.Member());
        var mine = $"{Stage.Mine}/{activity}/enrolment";
        var old = (await first.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"];
        (await first.Delete($"{mine}?enrolment={old}")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("cancelled", await StateOf(first, activity));
        var next = (await first.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"];
        (await first.Delete($"{mine}?enrolment={old}")).MustBe(HttpStatusCode.NoContent);
        (await first.Delete($"{mine}?enrolment=nonsense")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("enrolled", await StateOf(first, activity));

        (await second.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await first.Delete($"{mine}?enrolment={next}")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("offered", await StateOf(second, activity));
        var offered = await EnrolmentOf(second, activity);
        (await second.Put($"{mine}/offer-answer", new { isAccepted = false, enrolmentId = old })).MustBe(HttpStatusCode.Conflict, "no_offer");
        (await second.Put($"{mine}/offer-answer", new { isAccepted = false, enrolmentId = "x" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal("offered", await StateOf(second, activity));
        (await second.Put($"{mine}/offer-answer", new { isAccepted = true, enrolmentId = offered })).MustBe(HttpStatusCode.OK);
        (await second.Put($"{mine}/offer-answer", new { isAccepted = true, enrolmentId = offered })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_was_removed_does_not_sign_up_again_by_herself()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 3 });
        var (removed, other) = (await house.Member(), await house.Member());
        var key = Guid.NewGuid().ToString("N");
        var made = (await removed.SignUp(activity, key: key)).MustBe(HttpStatusCode.OK)["id"];
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await Remove(organiser, activity, made)).MustBe(HttpStatusCode.NoContent);

        Assert.Contains("联系主办工会", (await removed.SignUp(activity)).MustBe(HttpStatusCode.Conflict, "removed_by_organiser")["detail"], StringComparison.Ordinal);
        Assert.Equal("removed", (await removed.SignUp(activity, key: key)).MustBe(HttpStatusCode.OK)["state"]);
        (await other.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await organiser.SignUpFor(activity, new { personId = await removed.PersonId() })).MustBe(HttpStatusCode.OK);

        // The organiser thought better of it; from then on she is as free as anybody.
        (await removed.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        (await removed.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await Remove(organiser, activity, made)).MustBe(HttpStatusCode.Conflict, "enrolment_decided_already");
    }

    [Fact]
    public async Task Who_is_erased_while_an_activity_runs_leaves_her_place_free()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var (leaving, next) = (await house.Worker(), await house.Member());
        var leavingId = await leaving.PersonId();
        await house.MakeMember(leavingId, "jinsui", "1", "1990-05-01");
        (await leaving.SignUp(activity)).MustBe(HttpStatusCode.OK);
        await house.Execute($"UPDATE memberships SET live_person_id = NULL, state = 'withdrawn' WHERE person_id = '{leavingId}'");
        await house.MoveToStart(activity, minutes: -1);
        Assert.Contains("活动报名", (await leaving.Post("/api/v1/me/deletion", new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet")["detail"], StringComparison.Ordinal);
        await house.MoveToStart(activity);
        var objections = house.Services.GetServices<MayNotErase>();
        await using (var db = house.Database.Open())
        {
            foreach (var objection in objections)
            {
                Assert.DoesNotContain("活动报名", await objection(db, leavingId, house.Clock.Milliseconds(), CancellationToken.None) ?? "", StringComparison.Ordinal);
            }
        }

        await house.Database.TransactAsync(
            db => house.Services.GetRequiredService<Erasing>().EraseAsync(db, leavingId, house.Clock.Milliseconds(), CancellationToken.None), CancellationToken.None);

        Assert.Equal((0, 0), (
            await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"),
            await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}'")));
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).WalkIn(activity, await next.Code())).MustBe(HttpStatusCode.OK);
    }

    private async Task<Answer> DuringCheckIn(string enrolmentId, Func<Task<Answer>> deed)
    {
        var session = await house.Text($"SELECT s.id FROM activity_sessions s JOIN enrolments e ON e.activity_id = s.activity_id WHERE e.id = '{enrolmentId}'");
        var person = await house.Text($"SELECT person_id FROM enrolments WHERE id = '{enrolmentId}'");
        return await house.AnswerMeanwhile(
            db => db.InsertAsync(new CheckInRow
            {
                Id = Ids.New(),
                SessionId = session,
                EnrolmentId = enrolmentId,
                Way = CheckInWay.Search,
                MadeBy = person,
                At = house.Clock.Milliseconds(),
            }),
            deed);
    }

    private static async Task<string> EnrolmentOf(Person person, string activity) => (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["id"];

    private static async Task<string> StateOf(Person person, string activity) =>
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["state"];

    private static Task<Answer> Remove(Person organiser, string activity, string enrolmentId) =>
        organiser.Post($"{Stage.Office}/{activity}/enrolments/{enrolmentId}/removal", new { reason = "资格不符" });

    private async Task<Answer> Shrink(Person organiser, string activity, int capacity, int version)
    {
        var group = await house.Text($"SELECT id FROM activity_groups WHERE activity_id = '{activity}'");
        return await organiser.Put($"{Stage.Office}/{activity}/groups/{group}/capacity", new { version, capacity, moveNewest = true, reason = "场地变动" });
    }
}
