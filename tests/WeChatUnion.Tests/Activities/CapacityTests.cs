using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    [Fact]
    public async Task More_places_go_to_the_first_in_line()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await SignedUp(activity, 4);

        var changed = (await SetCapacity(await Organiser(), activity, 3, version: 3)).MustBe(HttpStatusCode.OK);

        Assert.Equal("4 3 3 1 0", $"{changed["version"]} {changed["capacity"]} {changed["taken"]} {changed["waiting"]} {changed["moved"]}");
        Assert.Equal(["enrolled", "offered", "offered", "waiting 1"], await Task.WhenAll(people.Select(p => StandingOf(p, activity))));
        Assert.Empty(await Faults(activity));
        var steps = (await (await Organiser()).Get($"{Stage.Office}/{activity}")).Body.GetProperty("steps").EnumerateArray().Last();
        Assert.Equal("capacity_change 场地变动", $"{steps.Text("kind")} {steps.Text("reason")}");
    }

    [Fact]
    public async Task Fewer_places_than_taken_are_refused_unless_the_newest_shall_go_back_to_the_line()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 4 });
        var people = await SignedUp(activity, 6);
        var organiser = await Organiser();

        var refused = (await SetCapacity(organiser, activity, 2, version: 3)).MustBe(HttpStatusCode.Conflict, "capacity_below_taken");
        Assert.Contains("4 个", refused["detail"], StringComparison.Ordinal);
        Assert.Equal("4", refused.Present.Text("taken"));
        (await SetCapacity(organiser, activity, 4, version: 3)).MustBe(HttpStatusCode.OK);
        (await SetCapacity(organiser, activity, 2, version: 3, moveNewest: true)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");

        Assert.Equal("2", (await SetCapacity(organiser, activity, 2, version: 4, moveNewest: true)).MustBe(HttpStatusCode.OK)["moved"]);
        Assert.Equal(
            ["enrolled", "enrolled", "waiting 1", "waiting 2", "waiting 3", "waiting 4"], await Task.WhenAll(people.Select(p => StandingOf(p, activity))));
        Assert.Empty(await Faults(activity));
        Assert.Contains((await people[2].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "returned_to_line" && m.Text("text").Contains("场地变动", StringComparison.Ordinal));
        Assert.DoesNotContain((await people[1].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "returned_to_line");
        Assert.DoesNotContain((await people[4].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "returned_to_line");

        // The same people come first again when there are places.
        (await SetCapacity(organiser, activity, 3, version: 5)).MustBe(HttpStatusCode.OK);
        Assert.Equal("offered", await StandingOf(people[2], activity));
    }

    [Fact]
    public async Task Open_offers_go_back_before_anybody_who_is_sure_of_a_place_and_keep_their_order()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 3 });
        var people = await SignedUp(activity, 5);
        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        (await people[1].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(["enrolled", "offered", "offered"], await Task.WhenAll(people.Skip(2).Select(p => StandingOf(p, activity))));
        (await people[3].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);

        (await SetCapacity(await Organiser(), activity, 1, version: 3, moveNewest: true)).MustBe(HttpStatusCode.OK);

        Assert.Equal(["enrolled", "waiting 1", "waiting 2"], await Task.WhenAll(people.Skip(2).Select(p => StandingOf(p, activity))));
        (await people[4].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.Conflict, "no_offer");
        Assert.Empty(await Faults(activity));
    }

    [Fact]
    public async Task Only_the_organisers_of_the_union_change_places_and_only_of_what_goes_on()
    {
        var form = await house.Form();
        var organiser = await Organiser();
        var draft = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await SetCapacity(organiser, draft, 5, version: 1)).MustBe(HttpStatusCode.Conflict, "activity_not_published");
        var activity = await house.Publish(form);
        var group = await GroupOf(activity);
        (await SetCapacity(await OrganiserElsewhere(), activity, 5, version: 3)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await SetCapacity(await house.Worker(), activity, 5, version: 3)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await SetCapacity(house.Anonymous(), activity, 5, version: 3)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await organiser.Put($"{Stage.Office}/{draft}/groups/{group}/capacity", new { version = 1, capacity = 5, reason = "场地变动" })).MustBe(HttpStatusCode.NotFound, "not_found");
        foreach (var capacity in new[] { 0, -1, 100_001 })
        {
            Assert.Equal(["capacity"], (await SetCapacity(organiser, activity, capacity, version: 3)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        (await organiser.Put($"{Stage.Office}/{activity}/groups/{group}/capacity", new { version = 3, capacity = 5 })).MustBe(HttpStatusCode.BadRequest, "malformed");
        house.Clock.Advance(TimeSpan.FromHours(1));
        await SignedUp(activity, 2);
        house.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromHours(1));
        organiser = await Organiser();
        (await SetCapacity(organiser, activity, 1, version: 3, moveNewest: true)).MustBe(HttpStatusCode.Conflict, "activity_has_started");
        (await SetCapacity(organiser, activity, 3, version: 3)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromHours(2));
        (await SetCapacity(await Organiser(), activity, 4, version: 4)).MustBe(HttpStatusCode.Conflict, "activity_over");
    }

    [Fact]
    public async Task While_sixty_sign_up_the_places_rise_and_fall_and_nobody_is_lost_or_doubled()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 20 });
        var people = await People(60);
        var organiser = await Organiser();

        var signingUp = Task.WhenAll(people.Select(p => p.SignUp(activity)));
        var version = 3;
        foreach (var capacity in new[] { 12, 30, 5, 25, 8, 40, 10 })
        {
            (await SetCapacity(organiser, activity, capacity, version++, moveNewest: true)).MustBe(HttpStatusCode.OK);
        }

        Assert.All(await signingUp, a => a.MustBe(HttpStatusCode.OK));
        Assert.Empty(await Faults(activity));
        Assert.Equal(10, await house.Number($"SELECT capacity FROM activity_groups WHERE activity_id = '{activity}'"));
        Assert.Equal(60, await house.Number($"SELECT COUNT(DISTINCT live_person_id) FROM enrolments WHERE activity_id = '{activity}'"));

        // Whoever waits has a position of her own, from 1 without gaps.
        var waiting = (await Task.WhenAll(people.Select(p => StandingOf(p, activity)))).Where(s => s.StartsWith("waiting", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 50), waiting.Select(w => int.Parse(w.Split(' ')[1], null)).Order());
    }

    [Fact]
    public async Task Control_places_that_are_not_counted_are_noticed()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        using (house.Guards.Off("SET taken = taken + @taken,", "SET taken = taken + 0 * @taken,"))
        {
            await SignedUp(activity, 3);
            (await SetCapacity(await Organiser(), activity, 1, version: 3)).MustBe(HttpStatusCode.OK);
        }

        Assert.NotEmpty(await Faults(activity));
    }

    [Fact]
    public async Task Of_several_changes_at_once_by_one_version_one_is_made()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        await SignedUp(activity, 5);
        var organiser = await Organiser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SetCapacity(organiser, activity, 4, version: 3)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "changed_meanwhile"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM activity_steps WHERE activity_id = '{activity}' AND kind = 'capacity_change'"));
        Assert.Empty(await Faults(activity));
    }

    [Fact]
    public async Task Who_waits_for_an_offer_behind_a_returned_person_gets_it_after_her()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var people = await SignedUp(activity, 3);
        (await SetCapacity(await Organiser(), activity, 1, version: 3, moveNewest: true)).MustBe(HttpStatusCode.OK);
        Assert.Equal(["enrolled", "waiting 1", "waiting 2"], await Task.WhenAll(people.Select(p => StandingOf(p, activity))));

        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("offered", await StandingOf(people[1], activity));
        house.Clock.Advance(TimeSpan.FromHours(24));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal("offered", await StandingOf(people[2], activity));
        Assert.Empty(await Faults(activity));
    }

    private async Task<Answer> SetCapacity(Person person, string activity, int capacity, int version, bool? moveNewest = null) =>
        await person.Put($"{Stage.Office}/{activity}/groups/{await GroupOf(activity)}/capacity", new { version, capacity, moveNewest, reason = "场地变动" });

    private Task<string> GroupOf(string activity) => house.Text($"SELECT id FROM activity_groups WHERE activity_id = '{activity}'");

    /// <summary>What must always hold of the places of an activity.</summary>
    private async Task<List<string>> Faults(string activity)
    {
        var faults = new List<string>();
        var held = await house.Number($"SELECT COALESCE(SUM(1 + guests), 0) FROM enrolments WHERE activity_id = '{activity}' AND state IN ('enrolled', 'offered')");
        var (taken, capacity) = (
            await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"),
            await house.Number($"SELECT capacity FROM activity_groups WHERE activity_id = '{activity}'"));
        Add(held != taken, $"{held} places are held, {taken} counted");
        Add(held > capacity, $"{held} places are held of {capacity}");
        Add(
            await house.Number($"SELECT COUNT(*) - COUNT(DISTINCT live_person_id) FROM enrolments WHERE activity_id = '{activity}' AND live_person_id IS NOT NULL") > 0,
            "somebody has two sign-ups");
        Add(
            await house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state IN ('waiting', 'offered') AND line IS NULL") > 0,
            "somebody waits outside the line");
        return faults;

        void Add(bool isFault, string words)
        {
            if (isFault)
            {
                faults.Add(words);
            }
        }
    }
}
