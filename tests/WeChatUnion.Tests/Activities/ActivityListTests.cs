using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    [Fact]
    public async Task The_public_list_is_narrowed_by_kind_town_phase_time_and_words()
    {
        var form = await house.Form();
        form["title"] = "筛选用 100% 讲座";
        form["kind"] = "lecture";
        var lecture = await house.Publish(form);
        form["title"] = "筛选用培训";
        form["kind"] = "training";
        form["divisionCode"] = "410721102";
        form["sessions"] = new[] { new { startsAt = house.Clock.GetUtcNow().AddDays(20), endsAt = house.Clock.GetUtcNow().AddDays(21) } };
        var party = await house.Publish(form);
        var day = house.Clock.GetUtcNow().AddDays(3).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", null);
        var dayAfter = house.Clock.GetUtcNow().AddDays(4).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", null);

        Assert.Equal([lecture, party], await Listed("words=筛选用"));
        Assert.Equal([lecture], await Listed("words=筛选用&kind=lecture"));
        Assert.Equal([party], await Listed("words=筛选用&division=410721102"));
        Assert.Equal([lecture, party], await Listed("words=筛选用&division=410721"));
        Assert.Empty(await Listed("words=筛选用&division=4108"));
        Assert.Equal([lecture], await Listed($"words=筛选用&from={day}&to={day}"));
        Assert.Equal([party], await Listed($"words=筛选用&from={dayAfter}"));
        Assert.Equal([lecture], await Listed($"words=筛选用&to={dayAfter}"));
        Assert.Equal([lecture, party], await Listed("words=筛选用&from=0001-01-01&to=9999-12-31"));
        Assert.Equal([lecture], await Listed("words=100%25"));
        Assert.Empty(await Listed("words=筛_用"));
        Assert.Equal([lecture, party], await Listed("words=筛选用&phase=announced"));
        Assert.Empty(await Listed("words=筛选用&phase=open"));
        var first = (await house.Anonymous().Get($"{Stage.Mine}?words=筛选用&take=1")).MustBe(HttpStatusCode.OK);
        Assert.Equal([party], await Listed($"words=筛选用&take=1&after={first.Next}"));

        foreach (var (wrong, field) in new[]
        {
            ("kind=party", "kind"), ("kind=1", "kind"), ("division=x", "division"), ("phase=soon", "phase"), ($"words={new string('字', 61)}", "words"), ("after=x", "after"), ("take=51", "take"),
        })
        {
            Assert.Equal([field], (await house.Anonymous().Get($"{Stage.Mine}?{wrong}")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        foreach (var wrong in new[] { "from=2026", "to=31.12.2026", "take=x" })
        {
            (await house.Anonymous().Get($"{Stage.Mine}?{wrong}")).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        async Task<string[]> Listed(string query) => (await house.Anonymous().Get($"{Stage.Mine}?{query}")).MustBe(HttpStatusCode.OK).Ids;
    }

    [Fact]
    public async Task The_organisers_list_is_narrowed_by_state_time_and_words()
    {
        var organiser = await Organiser();
        var form = await house.Form();
        form["title"] = "清单用草稿";
        var draft = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        form["title"] = "清单用活动";
        var published = await house.Publish(form);
        var day = house.Clock.GetUtcNow().AddDays(3).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", null);

        Assert.Equal([published, draft], await Listed(organiser, "words=清单用"));
        Assert.Equal([draft], await Listed(organiser, "words=清单用&state=draft"));
        Assert.Equal([published], await Listed(organiser, "words=清单用&state=published"));
        Assert.Empty(await Listed(organiser, "words=清单用&state=cancelled"));
        Assert.Empty(await Listed(organiser, "words=清单用&state=awaiting_approval"));
        Assert.Equal([published, draft], await Listed(organiser, $"words=清单用&from={day}&to={day}&kind=culture"));
        Assert.Empty(await Listed(organiser, $"words=清单用&to=2026-01-01"));
        Assert.Empty(await Listed(await OrganiserElsewhere(), "words=清单用"));
        Assert.Equal(["state"], (await organiser.Get($"{Stage.Office}?state=open")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);

        async Task<string[]> Listed(Person person, string query) => (await person.Get($"{Stage.Office}?{query}")).MustBe(HttpStatusCode.OK).Ids;
    }

    [Fact]
    public async Task A_year_after_its_end_an_activity_is_archived()
    {
        var form = await house.Form();
        form["title"] = "归档用活动";
        var id = await house.Publish(form);
        var over = TimeSpan.FromDays(3) + TimeSpan.FromHours(2);

        house.Clock.Advance(over);
        Assert.Equal("finished: finished", await PhaseAndLists());
        house.Clock.Advance(TimeSpan.FromDays(365) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("finished: finished", await PhaseAndLists());
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("archived: archived", await PhaseAndLists());
        Assert.Equal([id], (await (await Organiser()).Get($"{Stage.Office}?words=归档用")).Ids);

        // The phase it shows, and in which of the lists it stands.
        async Task<string> PhaseAndLists()
        {
            var lists = new List<string>();
            foreach (var phase in new[] { "", "announced", "open", "closed", "running", "finished", "archived" })
            {
                var query = phase.Length > 0 ? $"&phase={phase}" : "";
                if ((await house.Anonymous().Get($"{Stage.Mine}?words=归档用{query}")).MustBe(HttpStatusCode.OK).Ids.Contains(id))
                {
                    lists.Add(phase);
                }
            }

            return $"{(await house.Anonymous().Get($"{Stage.Mine}/{id}"))["phase"]}: {string.Join(' ', lists)}";
        }
    }
}
