using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class BallotOnSqlite(SinglesOnSqlite house) : BallotTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class BallotOnMariaDb(SinglesOnMariaDb house) : BallotTests(house), IClassFixture<SinglesOnMariaDb>;

/// <summary>The round of choosing: plates, ballots, closing, and what is told afterwards.</summary>
public abstract class BallotTests(TestHouse house)
{
    [Fact]
    public async Task Guests_get_their_plates_at_check_in_and_see_cards_of_the_others_who_came()
    {
        var evening = await Evening.BeginAsync(house, 2, atTheDoor: true);

        Assert.Equal("男02", (await evening.Guests["男02"].Get($"{evening.Path}/plate")).MustBe(HttpStatusCode.OK)["plate"]);
        var cards = (await evening.Guests["男02"].Get($"{evening.Path}/guests?take=1")).MustBe(HttpStatusCode.OK);
        Assert.Equal("""{"plate":"女01","ageBand":"35–39","nickname":"嘉宾1","workKind":"technical","interests":["爬山","摄影"],"photoFileIds":[]}""", cards.Items[0].GetRawText());
        Assert.Equal(["女02"], (await evening.Guests["男02"].Get($"{evening.Path}/guests?after={cards.Next}")).Items.Select(i => i.Text("plate")));

        var plates = (await evening.Host.Get($"{evening.Office}/plates")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["男01", "女01", "男02", "女02"], plates.Items.Select(i => i.Text("plate")));
        Assert.Equal("职*", plates.Items[0].Text("name"));

        // Everybody on the list can read that it was looked at.
        Assert.Equal(evening.Comers.Select(c => c.PersonId).Order(), (await house.Audited("list_plates", evening.Id)).Select(a => a.SubjectId).Order());

        // Scanned again she keeps hers.
        await evening.CheckInAsync(evening.Comers[0]);
        Assert.Equal("男01", (await evening.Guests["男01"].Get($"{evening.Path}/plate"))["plate"]);
    }

    [Fact]
    public async Task Cards_are_for_those_who_came_and_for_that_evening()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var stranger = await house.Member();

        (await stranger.Get($"{evening.Path}/guests")).MustBe(HttpStatusCode.Conflict, "no_plate");
        (await stranger.Get($"{evening.Path}/plate")).MustBe(HttpStatusCode.Conflict, "no_plate");
        (await stranger.Get($"{evening.Path}/matches")).MustBe(HttpStatusCode.Conflict, "no_plate");
        (await stranger.Get($"{evening.Path}/ballot")).MustBe(HttpStatusCode.Conflict, "no_plate");
        var other = await Crowd.OpenAsync(house.Database, house.Clock.GetUtcNow(), null, Crowd.Group(1));
        (await stranger.Get($"/api/v1/activities/{other}/guests")).MustBe(HttpStatusCode.NotFound, "not_found");

        house.Clock.Advance(TimeSpan.FromHours(6));
        (await evening.Guests["男01"].Get($"{evening.Path}/guests")).MustBe(HttpStatusCode.Conflict, "evening_over");
    }

    [Fact]
    public async Task Everybody_comes_in_at_once_and_no_plate_is_given_twice()
    {
        var (id, comers) = await Evening.AnnounceAsync(house, 10);
        await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).SignUp(id)));
        house.Clock.Advance(TimeSpan.FromMinutes(90));
        var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var code = (await host.Get($"/api/v1/office/activities/{id}/hall-code")).MustBe(HttpStatusCode.OK)["code"];
        var answers = await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).PostWithoutKey($"/api/v1/activities/{id}/check-ins", new { code })));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        foreach (var sex in new[] { 1, 2 })
        {
            Assert.Equal(55, await house.Number($"SELECT SUM(number) FROM plates WHERE activity_id = '{id}' AND sex = '{sex}'"));
            Assert.Equal(10, await house.Number($"SELECT COUNT(DISTINCT number) FROM plates WHERE activity_id = '{id}' AND sex = '{sex}'"));
        }
    }

    [Fact]
    public async Task Who_chose_each_other_are_told_and_nobody_else_is()
    {
        var evening = await Evening.BeginAsync(house, 3);
        var counted = await evening.ChooseAsync(
            ("男01", ["女01", "女02"]), ("男02", ["女01"]), ("男03", ["女03"]), ("女01", ["男01"]), ("女02", ["男01", "男03"]), ("女03", []));

        Assert.Equal(("counted", "6", "1"), (counted["state"], counted["ballots"], counted["pairs"]));
        Assert.Equal(["女01 pair", "女02 mutual_interest"], await evening.MatchesOf("男01"));
        Assert.Equal(["男01 pair"], await evening.MatchesOf("女01"));
        Assert.Equal(["男01 mutual_interest"], await evening.MatchesOf("女02"));
        foreach (var plate in new[] { "男02", "男03", "女03" })
        {
            Assert.Empty(await evening.MatchesOf(plate));
        }

        // Everybody was told the same words, and nothing is left of the ballots.
        Assert.Equal(6, await house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'ballot_counted' AND record_id = '{evening.Id}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{counted["id"]}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM ballot_rounds WHERE id = '{counted["id"]}' AND private_key_wrapped IS NULL"));
        Assert.Equal("counted", (await evening.Guests["男01"].Get($"{evening.Path}/ballot"))["state"]);
    }

    [Fact]
    public async Task A_ballot_is_replaced_until_the_round_is_closed_and_tells_only_when_it_was_handed_in()
    {
        var evening = await Evening.BeginAsync(house, 2);
        var guest = evening.Guests["男01"];
        Assert.Equal("", (await guest.Get($"{evening.Path}/ballot")).MustBe(HttpStatusCode.OK)["roundId"]);
        var (round, key) = await evening.OpenAsync();

        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女02", "男01")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var replaced = (await evening.CastAsync(round, "男01", "女02")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["handedInAt", "roundId"], replaced.Body.EnumerateObject().Select(p => p.Name).Order());
        var seen = await guest.Get($"{evening.Path}/ballot");
        Assert.Equal(replaced["handedInAt"], seen["handedInAt"]);
        Assert.Equal(["handedInAt", "roundId", "state"], seen.Body.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal("3", (await evening.Host.Get($"{evening.Office}/ballot-rounds")).Items[0].Text("ballots"));

        (await evening.CloseAsync(round, key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(["女02 pair"], await evening.MatchesOf("男01"));
        Assert.Empty(await evening.MatchesOf("女01"));
        (await evening.CastAsync(round, "男02", "女01")).MustBe(HttpStatusCode.Conflict, "ballot_closed");
    }

    [Fact]
    public async Task Ballots_are_of_one_length_whatever_they_say()
    {
        var evening = await Evening.BeginAsync(house, 3);
        var (round, _) = await evening.OpenAsync();
        foreach (var choices in new[] { "", "女01", "女03 女02 女01" })
        {
            (await evening.CastAsync(round, "男01", choices.Split(' ', StringSplitOptions.RemoveEmptyEntries))).MustBe(HttpStatusCode.OK);
            Assert.Equal(120, (await house.Text($"SELECT content FROM ballots WHERE round_id = '{round}'")).Length);
        }
    }

    [Fact]
    public async Task A_ballot_that_cannot_be_is_refused()
    {
        var evening = await Evening.BeginAsync(house, 2);
        var (round, _) = await evening.OpenAsync();
        foreach (var (field, choices) in new (string, string[])[]
        {
            ("choices[0]", ["男02"]), ("choices[0]", ["abc"]), ("choices[0]", ["女99999999999"]), ("choices", ["女01", "女01"]), ("choices", ["女01", "女02", "女03", "女04"]),
        })
        {
            Assert.Equal([field], (await evening.CastAsync(round, "男01", choices)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }
    }

    [Fact]
    public async Task Plates_that_are_not_there_rounds_that_are_not_open_and_strangers_are_refused()
    {
        var evening = await Evening.BeginAsync(house, 2);
        (await evening.CastAsync(new string('0', 32), "男01", "女01")).MustBe(HttpStatusCode.Conflict, "round_not_open");
        var (round, _) = await evening.OpenAsync();

        (await evening.CastAsync(round, "男01", "女03")).MustBe(HttpStatusCode.Conflict, "plate_unknown");
        (await (await house.Member()).Put($"{evening.Path}/ballot", new { roundId = round, choices = new List<string> { "女01" } })).MustBe(HttpStatusCode.Conflict, "no_plate");
        (await evening.Guests["男01"].Put($"{evening.Path}/ballot", new { roundId = round })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task One_round_an_evening_is_open_and_a_lost_key_voids_it()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (lost, key) = await evening.OpenAsync();
        (await evening.Host.PostWithoutKey($"{evening.Office}/ballot-rounds", new { })).MustBe(HttpStatusCode.Conflict, "round_live");
        (await evening.CastAsync(lost, "男01", "女01")).MustBe(HttpStatusCode.OK);
        (await evening.CloseAsync(lost, new string('0', 32))).MustBe(HttpStatusCode.Conflict, "closing_key_wrong");
        (await evening.CloseAsync(lost, new string('z', 32))).MustBe(HttpStatusCode.Conflict, "closing_key_wrong");
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{lost}'"));

        for (var i = 0; i < 2; i++)
        {
            (await evening.Host.PostWithoutKey($"{evening.Office}/ballot-rounds/{lost}/voiding", new { })).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{lost}'"));
        (await evening.CloseAsync(lost, key)).MustBe(HttpStatusCode.Conflict, "round_void");
        (await evening.CastAsync(lost, "男01", "女01")).MustBe(HttpStatusCode.Conflict, "round_void");
        var counted = await evening.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"]));
        (await evening.Host.PostWithoutKey($"{evening.Office}/ballot-rounds/{counted["id"]}/voiding", new { })).MustBe(HttpStatusCode.Conflict, "round_counted");
        (await evening.Host.PostWithoutKey($"{evening.Office}/ballot-rounds", new { })).MustBe(HttpStatusCode.Conflict, "round_live");
    }

    [Fact]
    public async Task A_round_that_everybody_forgot_is_voided()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (round, _) = await evening.OpenAsync();
        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<VoidForgottenRounds>().RunAsync(CancellationToken.None);
        Assert.Equal("open", await house.Text($"SELECT state FROM ballot_rounds WHERE id = '{round}'"));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<VoidForgottenRounds>().RunAsync(CancellationToken.None);
        Assert.Equal("void", await house.Text($"SELECT state FROM ballot_rounds WHERE id = '{round}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
    }

    [Fact]
    public async Task Closing_again_in_any_writing_answers_the_same_and_other_branches_find_nothing()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (round, key) = await evening.OpenAsync();
        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.OK);
        var elsewhere = await house.Staff(Role.ActivityOrganiser, "dazhaoying");
        (await elsewhere.PostWithoutKey($"{evening.Office}/ballot-rounds/{round}/closing", new { closingKey = key })).MustBe(HttpStatusCode.NotFound);
        (await elsewhere.PostWithoutKey($"{evening.Office}/ballot-rounds/{round}/voiding", new { })).MustBe(HttpStatusCode.NotFound);
        (await elsewhere.Get($"{evening.Office}/ballot-rounds")).MustBe(HttpStatusCode.NotFound);
        (await elsewhere.Get($"{evening.Office}/plates")).MustBe(HttpStatusCode.NotFound);
        (await elsewhere.Get($"{evening.Office}/announced-pairs")).MustBe(HttpStatusCode.NotFound);

        var first = (await evening.CloseAsync(round, key.Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant())).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first.Text, (await evening.CloseAsync(round, key)).MustBe(HttpStatusCode.OK).Text);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM matches WHERE round_id = '{round}'"));
    }

    [Fact]
    public async Task A_ballot_that_was_tampered_with_counts_as_none_and_the_others_count()
    {
        var evening = await Evening.BeginAsync(house, 2);
        var (round, key) = await evening.OpenAsync();
        foreach (var (plate, choice) in new[] { ("男01", "女01"), ("女01", "男01"), ("男02", "女02"), ("女02", "男02") })
        {
            (await evening.CastAsync(round, plate, choice)).MustBe(HttpStatusCode.OK);
        }

        // Somebody at the database writes nonsense over the ballot of 男02 and gives 女02 that of 女01.
        await house.Execute($"UPDATE ballots SET content = 'abc' WHERE round_id = '{round}' AND person_id = '{evening.Comers[2].PersonId}'");
        var ballot = await house.Text($"SELECT content FROM ballots WHERE round_id = '{round}' AND person_id = '{evening.Comers[1].PersonId}'");
        await house.Execute($"UPDATE ballots SET content = '{ballot}' WHERE round_id = '{round}' AND person_id = '{evening.Comers[3].PersonId}'");

        // And one of somebody who has no plate, as an erasure among ballots leaves it.
        await house.Execute(
            $"INSERT INTO ballots (id, round_id, person_id, content, handed_in_at) SELECT '{Guid.NewGuid():N}', '{round}', person_id, '{ballot}', 0 "
            + $"FROM staff_accounts WHERE person_id NOT IN (SELECT person_id FROM plates WHERE activity_id = '{evening.Id}') LIMIT 1");
        Assert.Equal(5, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
        var closed = (await evening.CloseAsync(round, key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("2", "1"), (closed["ballots"], closed["pairs"]));
        Assert.Equal(["女01 pair"], await evening.MatchesOf("男01"));
        Assert.Empty(await evening.MatchesOf("男02"));
    }

    [Fact]
    public async Task Who_takes_the_consent_back_takes_her_ballot_with_it_and_hands_in_no_other()
    {
        var evening = await Evening.BeginAsync(house, 2);
        var (round, key) = await evening.OpenAsync();
        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女02", "男01")).MustBe(HttpStatusCode.OK);
        var woman = evening.Guests["女01"];
        (await woman.Delete("/api/v1/me/consents/singles")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.Conflict, "singles_consent_needed");

        // Neither the desk nor the guests see her any more, and nobody spends a choice on her.
        Assert.DoesNotContain("女01", (await evening.Host.Get($"{evening.Office}/plates")).MustBe(HttpStatusCode.OK).Items.Select(i => i.Text("plate")));
        Assert.Equal(["女02"], (await evening.Guests["男02"].Get($"{evening.Path}/guests")).MustBe(HttpStatusCode.OK).Items.Select(i => i.Text("plate")));
        (await evening.CastAsync(round, "男02", "女01")).MustBe(HttpStatusCode.Conflict, "plate_unknown");

        // While she hands in, or before, or after: there is no ballot once both have been answered.
        await Task.WhenAll(evening.CastAsync(round, "女02", "男01"), evening.Guests["女02"].Delete("/api/v1/me/consents/singles"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
        var closed = (await evening.CloseAsync(round, key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("1", "0"), (closed["ballots"], closed["pairs"]));
    }

    [Fact]
    public async Task Who_is_erased_takes_her_ballot_with_her_also_while_the_round_is_counted()
    {
        var evening = await Evening.BeginAsync(house, 2);
        var (round, key) = await evening.OpenAsync();
        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.OK);
        var erasing = house.Database.TransactAsync(
            db => house.Services.GetRequiredService<Erasing>().EraseAsync(db, evening.Comers[1].PersonId, house.Clock.Milliseconds(), CancellationToken.None), CancellationToken.None);
        var closing = evening.CloseAsync(round, key);
        await Task.WhenAll(erasing, closing);
        (await closing).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM match_sides WHERE person_id = '{evening.Comers[1].PersonId}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE person_id = '{evening.Comers[1].PersonId}'"));
        Assert.DoesNotContain("女01 pair", await evening.MatchesOf("男01"));
    }

    [Theory]
    [InlineData("singles", "singles_consent_needed")]
    [InlineData("single_declaration", "declaration_needed")]
    public async Task Who_took_back_what_she_agreed_to_does_not_come_in_and_only_she_is_told_why(string purpose, string code)
    {
        var (id, comers) = await Evening.AnnounceAsync(house, 1);
        var guest = new Person(house.NewHttp(), comers[0].Token);
        var enrolment = (await guest.SignUp(id)).MustBe(HttpStatusCode.OK)["id"];
        (await guest.Delete($"/api/v1/me/consents/{purpose}")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(90));
        var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await host.PostWithoutKey($"/api/v1/office/activities/{id}/check-ins", new { enrolmentId = enrolment })).MustBe(HttpStatusCode.Conflict, "may_not_come_in");
        var hall = (await host.Get($"/api/v1/office/activities/{id}/hall-code")).MustBe(HttpStatusCode.OK)["code"];
        (await guest.PostWithoutKey($"/api/v1/activities/{id}/check-ins", new { code = hall })).MustBe(HttpStatusCode.Conflict, code);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM plates WHERE activity_id = '{id}'"));
    }

    [Fact]
    public async Task No_round_is_opened_without_guests_of_both_kinds_or_for_another_activity()
    {
        var (id, _) = await Evening.AnnounceAsync(house, 1);
        var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await host.PostWithoutKey($"/api/v1/office/activities/{id}/ballot-rounds", new { })).MustBe(HttpStatusCode.Conflict, "too_few_guests");
        var other = await Crowd.OpenAsync(house.Database, house.Clock.GetUtcNow(), null, Crowd.Group(1));
        (await host.PostWithoutKey($"/api/v1/office/activities/{other}/ballot-rounds", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        var cancelled = await Crowd.OpenAsync(
            house.Database, house.Clock.GetUtcNow(), a => a with { Kind = ActivityKind.Singles, State = ActivityState.Cancelled }, Crowd.Group(1));
        (await host.PostWithoutKey($"/api/v1/office/activities/{cancelled}/ballot-rounds", new { })).MustBe(HttpStatusCode.Conflict, "activity_cancelled");
    }

    [Fact]
    public async Task Ballots_that_arrive_while_the_host_closes_twice_are_counted_or_refused_whole()
    {
        var evening = await Evening.BeginAsync(house, 12);
        var (round, key) = await evening.OpenAsync();
        var cast = evening.Guests.Keys.Select(async (plate, i) =>
        {
            await Task.Delay(i * 2);
            var other = (plate[0] == '男' ? "女" : "男") + plate[1..];
            return (Plate: plate, Answer: await evening.CastAsync(round, plate, other));
        }).ToList();
        await Task.Delay(20);
        var closings = await Task.WhenAll(evening.CloseAsync(round, key), evening.CloseAsync(round, key));
        var ballots = await Task.WhenAll(cast);

        Assert.Single(closings.Select(c => c.MustBe(HttpStatusCode.OK).Text).Distinct());
        var taken = ballots.Where(b => b.Answer.Status == HttpStatusCode.OK).Select(b => b.Plate).ToHashSet();
        Assert.All(ballots.Where(b => !taken.Contains(b.Plate)), b => b.Answer.MustBe(HttpStatusCode.Conflict, "ballot_closed"));
        Assert.Equal(taken.Count, closings[0].Body.GetProperty("ballots").GetInt32());
        var both = taken.Count(p => p[0] == '男' && taken.Contains("女" + p[1..]));
        Assert.Equal(both, closings[0].Body.GetProperty("pairs").GetInt32());
        Assert.Equal(both, await house.Number($"SELECT COUNT(*) FROM matches WHERE round_id = '{round}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
    }
}
