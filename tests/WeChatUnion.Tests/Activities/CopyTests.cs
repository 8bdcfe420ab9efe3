using System.Net;
using System.Text.Json;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    [Fact]
    public async Task A_copy_is_a_draft_of_the_same_activity_whose_times_keep_their_distance()
    {
        var form = await house.Form(
            new { name = "男", capacity = 25, rules = new { sex = "1", leastAge = 22 } }, new { name = "女", capacity = 25, rules = new { sex = "2" } });
        form["questions"] = new object[] { new { kind = "choice", wording = "衣服尺码", isRequired = false, options = new[] { "M", "L" } } };
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(30);
        form["costNote"] = "午餐自理";
        form["mostGuests"] = 2;
        var original = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await SignedUp(original, 1);
        var organiser = await Organiser();
        var startsAt = house.Clock.GetUtcNow().AddDays(40);

        var key = Guid.NewGuid().ToString("N");
        var made = (await organiser.Post($"{Stage.Office}/{original}/copies", new { startsAt }, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(made["id"], (await organiser.Post($"{Stage.Office}/{original}/copies", new { startsAt }, key)).MustBe(HttpStatusCode.Created)["id"]);

        var (before, after) = (await FormOf(organiser, original), await FormOf(organiser, made["id"]));
        var by = startsAt - before.GetProperty("sessions")[0].GetProperty("startsAt").GetDateTimeOffset();
        foreach (var time in new[] { "opensAt", "closesAt", "cancelUntil", "mergesAt" })
        {
            Assert.Equal(before.GetProperty(time).GetDateTimeOffset() + by, after.GetProperty(time).GetDateTimeOffset());
        }

        Assert.Equal(startsAt.AddHours(2), after.GetProperty("sessions")[0].GetProperty("endsAt").GetDateTimeOffset());
        foreach (var same in new[] { "unionId", "kind", "title", "body", "place", "latitude", "longitude", "divisionCode", "costNote", "allocation", "mostGuests", "hasWaitingList", "offerHours" })
        {
            Assert.Equal(before.Text(same), after.Text(same));
        }

        Assert.Equal(["男 25 1", "女 25 2"], after.GetProperty("groups").EnumerateArray().Select(g => $"{g.Text("name")} {g.Text("capacity")} {g.GetProperty("rules").Text("sex")}"));
        Assert.Equal("衣服尺码", after.GetProperty("questions")[0].Text("wording"));
        var draft = (await organiser.Get($"{Stage.Office}/{made["id"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("draft 1", $"{draft["state"]} {draft["version"]}");
        Assert.Equal(0, await house.Number($"SELECT COALESCE(SUM(taken), 0) FROM activity_groups WHERE activity_id = '{made["id"]}'"));
        (await organiser.Post($"{Stage.Office}/{made["id"]}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_copy_is_refused_to_others_and_for_times_that_are_none()
    {
        var original = await house.Publish(await house.Form());
        var organiser = await Organiser();
        var startsAt = house.Clock.GetUtcNow().AddDays(40);
        (await (await OrganiserElsewhere()).Post($"{Stage.Office}/{original}/copies", new { startsAt })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Post($"{Stage.Office}/{original}/copies", new { startsAt })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await organiser.Post($"{Stage.Office}/{new string('0', 32)}/copies", new { startsAt })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.PostWithoutKey($"{Stage.Office}/{original}/copies", new { startsAt })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        foreach (var wrong in new object?[] { null, "morgen", house.Clock.GetUtcNow().AddSeconds(-1), DateTimeOffset.MaxValue, DateTimeOffset.MinValue })
        {
            Assert.Equal(["startsAt"], (await organiser.Post($"{Stage.Office}/{original}/copies", new { startsAt = wrong })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }
    }

    private static async Task<JsonElement> FormOf(Person organiser, string activity) =>
        (await organiser.Get($"{Stage.Office}/{activity}")).MustBe(HttpStatusCode.OK).Body.GetProperty("preview").GetProperty("activity");
}
