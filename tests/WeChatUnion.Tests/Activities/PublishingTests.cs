using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class PublishingOnSqlite(SqliteHouse house) : PublishingTests(house), IClassFixture<SqliteHouse>;

public sealed class PublishingOnMariaDb(MariaDbHouse house) : PublishingTests(house), IClassFixture<MariaDbHouse>;

public abstract class PublishingTests(TestHouse house)
{
    [Fact]
    public async Task A_draft_is_seen_by_nobody_until_a_second_person_approves()
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var elsewhere = await house.Staff(Role.UnionChair, "xiaoji");
        var id = (await organiser.Post(Stage.Office, new { activity = await house.Form() })).MustBe(HttpStatusCode.Created)["id"];

        (await house.Anonymous().Get($"{Stage.Mine}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await elsewhere.Get($"{Stage.Office}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await chair.Post($"{Stage.Office}/{id}/approval", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "activity_not_awaiting_approval");
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post($"{Stage.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "own_activity");
        (await elsewhere.Post($"{Stage.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await chair.Post($"{Stage.Office}/{id}/approval", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await chair.Post($"{Stage.Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.NoContent);

        var seen = (await house.Anonymous().Get($"{Stage.Mine}/{id}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("announced", seen["phase"]);
        Assert.Contains((await house.Anonymous().Get($"{Stage.Mine}?division=410721101&kind=culture&words=趣味")).Items, i => i.GetProperty("id").GetString() == id);
        Assert.DoesNotContain((await house.Anonymous().Get($"{Stage.Mine}?phase=open")).Items, i => i.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task What_was_sent_back_is_changed_and_handed_in_again()
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var form = await house.Form();
        var id = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Put($"{Stage.Office}/{id}", new { version = 2, activity = form })).MustBe(HttpStatusCode.Conflict, "activity_not_draft");
        (await chair.Post($"{Stage.Office}/{id}/return", new { version = 2, reason = "请写清集合地点" })).MustBe(HttpStatusCode.NoContent);

        form["place"] = "翟坡镇文化广场东门";
        Assert.Equal(4, (await organiser.Put($"{Stage.Office}/{id}", new { version = 3, activity = form })).MustBe(HttpStatusCode.OK).Version);
        (await organiser.Put($"{Stage.Office}/{id}", new { version = 3, activity = form })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 4 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Stage.Office}/{id}/approval", new { version = 5 })).MustBe(HttpStatusCode.NoContent);

        var draft = (await organiser.Get($"{Stage.Office}/{id}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["submission", "return", "submission", "approval"], draft.Body.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("kind").GetString()));
        Assert.Equal("翟坡镇文化广场东门", draft.Body.GetProperty("preview").GetProperty("activity").GetProperty("place").GetString());
    }

    [Theory]
    [InlineData("closesAt", 0.5, "closesAt")]
    [InlineData("closesAt", 100, "closesAt")]
    [InlineData("cancelUntil", 100, "cancelUntil")]
    [InlineData("mergesAt", 0.5, "mergesAt")]
    [InlineData("mergesAt", 100, "mergesAt")]
    public async Task Times_out_of_order_are_refused_by_name(string field, double hours, string wrong)
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var form = await house.Form();
        form[field] = house.Clock.GetUtcNow().AddHours(hours);
        var answer = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([wrong], answer.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task Wrong_values_are_refused()
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        foreach (var (field, value) in new (string, object?)[]
        {
            ("title", null), ("title", "好"), ("body", new string('长', 5001)), ("kind", "party"), ("kind", 7), ("divisionCode", "999999"), ("latitude", 91.0),
            ("longitude", null), ("sessions", Array.Empty<object>()), ("groups", Array.Empty<object>()), ("groups", new[] { new { name = "组", capacity = -1 } }),
            ("groups", new[] { new { name = "组", capacity = 1, rules = new { leastAge = 50, mostAge = 20 } } }), ("mostGuests", -1), ("offerHours", 0),
            ("questions", new[] { new { kind = "choice", wording = "尺码", options = new[] { "S" } } }), ("unknown", 1),
        })
        {
            var form = await house.Form();
            form[field] = value;
            (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        var foreign = await house.Form();
        foreign["unionId"] = await house.UnionId("xiaoji");
        (await organiser.Post(Stage.Office, new { activity = foreign })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Two_chairs_at_once_publish_once()
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var (first, second) = (await house.Staff(Role.UnionChair, "zhaipo"), await house.Staff(Role.UnionChair, "county"));
        var id = (await organiser.Post(Stage.Office, new { activity = await house.Form() })).MustBe(HttpStatusCode.Created)["id"];
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? first : second).Post($"{Stage.Office}/{id}/approval", new { version = 2 })));

        Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM activity_steps WHERE activity_id = '{id}' AND kind = 'approval'"));
    }

    [Fact]
    public async Task Calling_an_activity_off_tells_everybody_and_gives_no_points()
    {
        var id = await house.Open(new { name = "开放名额", capacity = 1 });
        var (enrolled, waiting) = (await house.Member(), await house.Member());
        (await enrolled.SignUp(id)).MustBe(HttpStatusCode.OK);
        (await waiting.SignUp(id)).MustBe(HttpStatusCode.OK);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        (await organiser.Post($"{Stage.Office}/{id}/cancellation", new { version = 3, reason = "场地检修" })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post($"{Stage.Office}/{id}/cancellation", new { version = 4, reason = "场地检修" })).MustBe(HttpStatusCode.Conflict, "activity_over");

        foreach (var person in new[] { enrolled, waiting })
        {
            Assert.Contains((await person.Get("/api/v1/me/messages")).Items, m => m.GetProperty("kind").GetString() == "activity_cancelled" && m.GetProperty("text").GetString()!.Contains("场地检修", StringComparison.Ordinal));
            Assert.Equal("removed", (await person.Get($"{Stage.Mine}/{id}/enrolment"))["state"]);
            Assert.Equal("0", (await person.Get("/api/v1/me/conduct-points"))["total"]);
            (await person.SignUp(id)).MustBe(HttpStatusCode.Conflict, "activity_cancelled");
        }

        Assert.Equal("cancelled", (await house.Anonymous().Get($"{Stage.Mine}/{id}"))["phase"]);
        Assert.Equal(0, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{id}'"));
    }
}
