using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>What a form may say and nobody could show or keep: times beyond the calendar, unions that are none.</summary>
public abstract partial class OrganisingTests
{
    [Theory]
    [InlineData("opensAt", "0001-01-01T00:00:00Z", "opensAt")]
    [InlineData("closesAt", "9999-12-31T23:00:00Z", "closesAt")]
    [InlineData("cancelUntil", "0001-01-01T00:00:00Z", "cancelUntil")]
    [InlineData("mergesAt", "9999-12-31T23:59:59Z", "mergesAt")]
    public async Task A_time_beyond_the_years_that_everybody_can_tell_is_refused_by_name(string field, string time, string wrong)
    {
        var form = await house.Form();
        form[field] = time;
        var refused = (await (await Organiser()).Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([wrong], refused.WrongFields);
        Assert.Contains("十年", refused.Body.GetProperty("errors").GetProperty(wrong)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_end_within_ten_years_and_drafts_begin_within_the_year_before()
    {
        var organiser = await Organiser();
        var now = house.Clock.GetUtcNow();
        var limit = now.AddDays(3650);
        var form = await house.Form();
        foreach (var (startsAt, endsAt) in new[]
        {
            (now.AddDays(3), limit.AddMilliseconds(1)), (DateTimeOffset.MaxValue.AddHours(-2), DateTimeOffset.MaxValue.AddHours(-1)), (DateTimeOffset.MinValue, now.AddDays(3)),
        })
        {
            form["sessions"] = new[] { new { startsAt, endsAt } };
            var wrong = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
            Assert.Contains("sessions", wrong.WrongFields);
            Assert.Contains("十年", wrong.Body.GetProperty("errors").GetProperty("sessions")[0].GetString(), StringComparison.Ordinal);
        }

        form["sessions"] = new[] { new { startsAt = now.AddDays(3), endsAt = limit } };
        form["opensAt"] = now.AddDays(-365);
        var made = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created);
        form["opensAt"] = now.AddDays(-365).AddMilliseconds(-1);
        Assert.Equal(["opensAt"], (await organiser.Put($"{Stage.Office}/{made["id"]}", new { version = 1, activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await organiser.Get(Stage.Office)).MustBe(HttpStatusCode.OK);

        // Its copy would end beyond them.
        Assert.Contains("sessions", (await organiser.Post($"{Stage.Office}/{made["id"]}/copies", new { startsAt = now.AddDays(30) })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task Rules_name_unions_that_are_there()
    {
        var organiser = await Organiser();
        var known = await house.UnionId("zhaipo");
        foreach (var unionIds in new[]
        {
            [new string('0', 32)], [known, "zhaipo"], [known.ToUpperInvariant()], [""], [known, known[..31]], Enumerable.Repeat(new string('会', 2000), 50).ToArray(),
        })
        {
            var form = await house.Form(new { name = "开放名额", capacity = 2 }, new { name = "本会", capacity = 2, rules = new { unionIds } });
            var refused = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
            Assert.Equal(["activity.groups[1].rules.unionIds"], refused.WrongFields);
        }

        var right = await house.Form(new { name = "本会", capacity = 2, rules = new { unionIds = new[] { known, await house.UnionId("jinsui") } } });
        var made = (await organiser.Post(Stage.Office, new { activity = right })).MustBe(HttpStatusCode.Created);
        right["groups"] = new[] { new { name = "本会", capacity = 2, rules = new { unionIds = new[] { new string('0', 32) } } } };
        Assert.Equal(
            ["activity.groups[0].rules.unionIds"],
            (await organiser.Put($"{Stage.Office}/{made["id"]}", new { version = 1, activity = right })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }
}
