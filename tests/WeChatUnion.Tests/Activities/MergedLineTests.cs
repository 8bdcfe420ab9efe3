using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities;

/// <summary>Whom spare places serve once the groups have merged, and what of that a copy remembers.</summary>
public abstract partial class OrganisingTests
{
    [Fact]
    public async Task Spare_places_of_merged_groups_go_to_whoever_signed_up_first_whatever_her_group()
    {
        var form = await house.Form(Only("男", 1, "1"), Only("女", 1, "2"), new { name = "劳模", capacity = 3, rules = new { modelWorkersOnly = true } });
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var people = new List<Person>();
        foreach (var sex in new[] { "2", "2", "1", "1", "2", "1", "1" })
        {
            people.Add(await house.Member(sex: sex));
            (await people[^1].SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);

        Assert.Equal(
            ["enrolled", "offered", "enrolled", "offered", "offered", "waiting 1", "waiting 2"], await Task.WhenAll(people.Select(p => StandingOf(p, activity))));
        Assert.Equal(["2/2", "3/3", "0/0"], await PlacesOf(activity));
    }

    [Fact]
    public async Task A_group_serves_its_own_line_before_it_lends()
    {
        var form = await house.Form(Only("男", 1, "1"), Only("女", 1, "2"), new { name = "劳模", capacity = 1, rules = new { modelWorkersOnly = true } });
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var (woman, man, second, third) = (await house.Member(sex: "2"), await house.Member(), await house.Member(), await house.Member(sex: "2"));
        foreach (var person in new[] { woman, man, second, third })
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        // Her place goes to the woman behind her, the spare one to the man.
        (await woman.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
        Assert.Equal(["enrolled", "offered", "offered"], await Task.WhenAll(new[] { man, second, third }.Select(p => StandingOf(p, activity))));
    }

    [Fact]
    public async Task Whoever_is_not_eligible_for_a_moment_keeps_her_standing_until_it_is_her_turn()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 2, rules = new { membersOnly = true } });
        form["mostGuests"] = 1;
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var (first, second) = (await house.Member(), await house.Member());
        (await first.SignUp(activity)).MustBe(HttpStatusCode.OK);
        var head = await house.Member();
        (await second.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await head.SignUp(activity, new { guests = 1 })).MustBe(HttpStatusCode.OK);
        var personId = (await head.Get("/api/v1/me"))["personId"];
        await house.Execute($"UPDATE memberships SET state = 'retained' WHERE person_id = '{personId}'");

        // One place is free and she is two: not her turn, neither then nor when the groups merge.
        (await first.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
        Assert.Equal("waiting 1", await StandingOf(head, activity));

        // Two are, and she still is not.
        (await second.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("not_admitted", await StandingOf(head, activity));
        Assert.Equal(["0/2"], await PlacesOf(activity));
    }

    [Fact]
    public async Task A_copy_has_the_places_that_were_declared_not_those_that_were_lent()
    {
        var form = await house.Form(Only("男", 1, "1"), Only("女", 3, "2"));
        form["mergesAt"] = house.Clock.GetUtcNow().AddHours(2);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await SignedUp(activity, 4);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
        Assert.Equal(["4/4", "0/0"], await PlacesOf(activity));
        Assert.Equal("1 3", await CopiedPlaces());

        // Two more for the men: what was declared grows by two as well.
        (await (await Organiser()).Put($"{Stage.Office}/{activity}/groups/{(await house.Words($"SELECT id FROM activity_groups WHERE activity_id = '{activity}' AND position = 0"))[0]}/capacity", new { version = 3, capacity = 6, reason = "场地变动" })).MustBe(HttpStatusCode.OK);
        Assert.Equal("3 3", await CopiedPlaces());

        async Task<string> CopiedPlaces()
        {
            var organiser = await Organiser();
            var copy = (await organiser.Post($"{Stage.Office}/{activity}/copies", new { startsAt = house.Clock.GetUtcNow().AddDays(40) })).MustBe(HttpStatusCode.Created)["id"];
            return string.Join(' ', (await FormOf(organiser, copy)).GetProperty("groups").EnumerateArray().Select(g => g.Text("capacity")));
        }
    }

    private static object Only(string name, int capacity, string sex) => new { name, capacity, rules = new { sex } };

    /// <summary>Taken and capacity of each group.</summary>
    private Task<List<string>> PlacesOf(string activity) => house.Words(
        $"SELECT {(house.Database.IsSqlite ? "taken || '/' || capacity" : "CONCAT(taken, '/', capacity)")} FROM activity_groups WHERE activity_id = '{activity}' ORDER BY position");
}
