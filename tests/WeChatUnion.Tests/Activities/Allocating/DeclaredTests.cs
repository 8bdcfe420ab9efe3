using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Allocating;

public abstract partial class DrawTests
{
    [Fact]
    public async Task The_times_of_a_draw_leave_room_to_freeze_the_list_and_to_draw()
    {
        await house.DrawForm();
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var now = house.Clock.GetUtcNow();
        var knownAt = now.AddDays(2.5);
        foreach (var (closesAt, startsAt, isRight) in new[]
        {
            (knownAt.AddSeconds(-59), now.AddDays(3), false),
            (knownAt.AddMinutes(-1), now.AddDays(3), true),
            (now.AddDays(2), knownAt.AddHours(2).AddMilliseconds(-1), false),
            (now.AddDays(2), knownAt.AddHours(2), true),
        })
        {
            var form = await house.DrawForm();
            (form["closesAt"], form["sessions"]) = (closesAt, new[] { new { startsAt, endsAt = startsAt.AddHours(2) } });
            form["cancelUntil"] = now.AddDays(2);
            var answer = await organiser.Post(Stage.Office, new { activity = form });
            Assert.Equal(isRight ? HttpStatusCode.Created : HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(isRight ? [] : ["draw.knownAt"], isRight ? [] : answer.WrongFields);
        }

        var choice = await house.Form();
        choice["allocation"] = "choice";
        choice["closesAt"] = now.AddDays(3).AddHours(-1).AddMilliseconds(1);
        Assert.Equal(["closesAt"], (await organiser.Post(Stage.Office, new { activity = choice })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        choice["closesAt"] = now.AddDays(3).AddHours(-1);
        (await organiser.Post(Stage.Office, new { activity = choice })).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_usual_value_is_one_that_nobody_can_have_seen()
    {
        await house.DrawForm();
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        // An evening of numbers, 21:15 in China.
        var at = house.Clock.GetUtcNow().AddDays(2.5).ToOffset(TimeSpan.FromHours(8));
        var evening = new DateTimeOffset(at.Date.AddHours(21).AddMinutes(15), at.Offset);
        var last = Lots.IssueAt(evening);
        var (year, number) = (int.Parse(last[..4], null), int.Parse(last[4..], null));
        var monday = Enumerable.Range(0, 7).Select(i => evening.AddDays(i)).First(d => d.DayOfWeek == DayOfWeek.Monday);
        foreach (var (source, issue, knownAt, wrong) in new[]
        {
            (null, last, evening.AddMilliseconds(-1), "draw.knownAt"),
            (null, Lots.IssueAt(monday), monday, "draw.knownAt"),
            (null, $"{year - 1}{number:000}", evening, "draw.issue"),
            (null, $"{year + 1}{number:000}", evening, "draw.issue"),
            (null, $"{year}000", evening, "draw.issue"),
            (null, $"{year}{Math.Max(1, number - 13):000}", evening, number > 13 ? "draw.issue" : ""),
            (null, last, evening, ""),
            ("福彩双色球", $"{year}{Math.Max(1, number - 12):000}", evening, ""),
            ("上证指数", "收盘", evening.AddMinutes(-90), ""),
        })
        {
            var form = await house.DrawForm();
            form["closesAt"] = evening.AddHours(-12);
            form["sessions"] = new[] { new { startsAt = knownAt.AddHours(12), endsAt = knownAt.AddHours(14) } };
            form["draw"] = new { source, issue, knownAt };
            var answer = await organiser.Post(Stage.Office, new { activity = form });
            Assert.Equal((wrong, wrong.Length == 0 ? HttpStatusCode.Created : HttpStatusCode.BadRequest), (answer.Status == HttpStatusCode.Created ? "" : Assert.Single(answer.WrongFields), answer.Status));
        }
    }

    [Fact]
    public async Task What_a_draw_is_bound_to_stands_outside_its_rows_and_in_the_receipt()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var commitment = (await house.Anonymous().Get($"{Stage.Mine}/{activity}/draw")).MustBe(HttpStatusCode.OK)["commitment"];
        Assert.Equal("draw", Assert.Single(await house.Audited("commit_draw", commitment)).RecordKind);

        var person = (await SignUpAll(activity, 1))[1];
        Assert.Equal(commitment, (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["drawCommitment"]);
        Assert.Contains(commitment, (await person.Get("/api/v1/me/messages")).Items.First().Text("text"), StringComparison.Ordinal);
        house.Close();
        var hash = (await Frozen(activity)).Body.GetProperty("list").Text("hash");
        Assert.Equal("draw_list", Assert.Single(await house.Audited("freeze_draw_list", hash)).RecordKind);

        var (firstCome, other) = (await house.Open(), await house.Member());
        (await other.SignUp(firstCome)).MustBe(HttpStatusCode.OK);
        Assert.Equal("", (await other.Get($"{Stage.Mine}/{firstCome}/enrolment")).MustBe(HttpStatusCode.OK)["drawCommitment"]);
    }

    [Fact]
    public async Task Nobody_is_taken_off_the_list_between_freezing_and_drawing()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var people = await SignUpAll(activity, 3);
        var ids = new List<string>();
        foreach (var person in people.Values)
        {
            ids.Add((await person.Get($"{Stage.Mine}/{activity}/enrolment"))["id"]);
        }

        (await Remove(activity, ids[0])).MustBe(HttpStatusCode.NoContent);
        house.Close();
        await Frozen(activity);
        (await Remove(activity, ids[1])).MustBe(HttpStatusCode.Conflict, "places_being_drawn");
        Assert.Equal("applied", await StateOf(people[2], activity));
        house.LetValueBeKnown();
        var valueId = await house.EnterValue(activity);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Confirm(activity, valueId)).MustBe(HttpStatusCode.NoContent);
        (await Remove(activity, ids[1])).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Who_may_be_drawn_in_several_groups_says_in_which()
    {
        var activity = await house.OpenDraw(
            hasWaitingList: true, new { name = "甲组", capacity = 1 }, new { name = "乙组", capacity = 1 }, new { name = "女职工", capacity = 1, rules = new { sex = "2" } });
        var groups = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("groups");
        var (man, other) = (await house.Member(), await house.Member());
        Assert.Equal(["groupId"], (await man.SignUp(activity)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        var second = groups[1].Text("groupId");
        Assert.Equal(second, (await man.SignUp(activity, new { groupId = second })).MustBe(HttpStatusCode.OK)["groupId"]);
        var personId = (await other.Get("/api/v1/me"))["personId"];
        var enrolments = $"{Stage.Office}/{activity}/enrolments";
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Equal(["groupId"], (await organiser.Post(enrolments, new { personId })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await organiser.Post(enrolments, new { personId, groupId = second })).MustBe(HttpStatusCode.OK);
    }

    private async Task<Answer> Remove(string activity, string enrolment) =>
        await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post($"{Stage.Office}/{activity}/enrolments/{enrolment}/removal", new { reason = "重复报名" });
}
