using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Figures;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class FollowUpOnSqlite(SinglesOnSqlite house) : FollowUpTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class FollowUpOnMariaDb(SinglesOnMariaDb house) : FollowUpTests(house), IClassFixture<SinglesOnMariaDb>;

/// <summary>How it goes with those who found each other, and what of it stands in the figures.</summary>
public abstract class FollowUpTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/singles-follow-ups";
    private const long Year = 31_536_000_000;
    private const string Figures = "/api/v1/office/singles-figures";

    [Fact]
    public async Task Both_of_a_pair_are_asked_three_times_and_nobody_else_is()
    {
        var evening = await Evening.BeginAsync(house, 2);
        await evening.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"]), ("男02", ["女01"]));
        Assert.Equal("", await AskedAfter(evening, TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1)));
        Assert.Equal("week", await AskedAfter(evening, TimeSpan.FromMinutes(1)));
        Assert.Equal("week", await AskedAfter(evening, TimeSpan.FromDays(1)));
        Assert.Equal("month week", await AskedAfter(evening, TimeSpan.FromDays(26)));
        Assert.Equal("half_year month week", await AskedAfter(evening, TimeSpan.FromDays(160)));
        Assert.Empty((await evening.Guests["男02"].Get(Mine)).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(6, await house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'singles_follow_up' AND record_id = '{evening.Id}'"));

        // What he says is his own: she sees nothing of it and cannot answer for him.
        var his = (await evening.Guests["男01"].Get(Mine)).Items[0].Text("id");
        (await evening.Guests["男01"].Put($"{Mine}/{his}", new { answer = "married" })).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["男01"].Put($"{Mine}/{his}", new { answer = "happy" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await evening.Guests["女01"].Put($"{Mine}/{his}", new { answer = "parted" })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("married", (await evening.Guests["男01"].Get(Mine)).Items[0].Text("answer"));
        Assert.All((await evening.Guests["女01"].Get(Mine)).Items, i => Assert.Equal("", i.Text("answer")));
        (await evening.Guests["男01"].Put($"{Mine}/{his}", new { })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", (await evening.Guests["男01"].Get(Mine)).Items[0].Text("answer"));

        // With the consent her answers go, and she is asked and answers no more.
        var her = evening.Guests["女01"];
        var hers = (await her.Get(Mine)).Items[0].Text("id");
        (await her.Put($"{Mine}/{hers}", new { answer = "together" })).MustBe(HttpStatusCode.NoContent);
        (await her.Delete("/api/v1/me/consents/singles")).MustBe(HttpStatusCode.OK);
        Assert.Empty((await her.Get(Mine)).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM match_follow_ups WHERE person_id = '{evening.Comers[1].PersonId}'"));
        (await her.Put($"{Mine}/{hers}", new { answer = "parted" })).MustBe(HttpStatusCode.Conflict, "singles_consent_needed");
        Assert.Equal(
            "change_match change_match",
            await house.Text($"SELECT CONCAT(MIN(deed), ' ', MAX(deed)) FROM audit_entries WHERE record_id = '{evening.Id}' AND person_id IN ('{evening.Comers[0].PersonId}', '{evening.Comers[1].PersonId}')"));
    }

    [Fact]
    public async Task Where_one_has_ended_it_or_gone_neither_is_asked()
    {
        var evening = await Evening.BeginAsync(house, 1);
        await evening.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"]));
        (await evening.Guests["女01"].Put($"{evening.Path}/matches/{await evening.MatchOf("女01", "男01")}/block", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", await AskedAfter(evening, TimeSpan.FromDays(8)));
    }

    [Fact]
    public async Task Figures_count_a_year_and_leave_out_what_is_below_five()
    {
        var evening = await Evening.BeginAsync(house, 6);
        await evening.ChooseAsync([.. evening.Guests.Keys.Where(p => p != "男06").Select(p => (p, new[] { (p[0] == '男' ? "女" : "男") + p[1..] }))]);
        await AskedAfter(evening, TimeSpan.FromDays(8));
        foreach (var (plate, answer) in new[] { ("男01", "together"), ("女01", "parted"), ("男02", "together"), ("男03", "together"), ("女04", "together"), ("女05", "together") })
        {
            var question = (await evening.Guests[plate].Get(Mine)).Items[0].Text("id");
            (await evening.Guests[plate].Put($"{Mine}/{question}", new { answer })).MustBe(HttpStatusCode.NoContent);
        }

        house.Clock.Advance(TimeSpan.FromHours(6));
        await house.Services.GetRequiredService<TallyEvenings>().RunAsync(CancellationToken.None);
        Assert.Equal("6 6 6 6 5 0 4 1 0", await TallyOf(evening));
        var year = house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Year;
        var chair = await house.Staff(Role.UnionChair, "county");
        var seen = (await chair.Get($"{Figures}?year={year}")).MustBe(HttpStatusCode.OK);
        Assert.True(seen.Body.GetProperty("evenings").GetInt32() > 0);
        Assert.Equal(("", "", ""), (seen.Body.GetProperty("signedUp").Text("all"), seen["pairs"], seen["closedAt"]));
        Assert.Equal("week    ", InWords(seen.Body.GetProperty("followUps")[0]));

        // Once the year is closed they are told, and do not change whatever is answered or deleted then.
        await house.Execute($"UPDATE singles_tallies SET year = year - 2 WHERE activity_id = '{evening.Id}'");
        await MoveBackAsync(evening, 2);
        await house.Services.GetRequiredService<TallyEvenings>().RunAsync(CancellationToken.None);
        var closed = (await chair.Get($"{Figures}?year={year - 2}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("6", "12", "5"), (closed.Body.GetProperty("signedUp").Text("men"), closed.Body.GetProperty("came").Text("all"), closed["pairs"]));
        Assert.Equal("week    5", InWords(closed.Body.GetProperty("followUps")[0]));
        await house.Execute($"UPDATE activities SET ends_at = {house.Clock.GetUtcNow().ToUnixTimeMilliseconds() - 1} WHERE id = '{evening.Id}'");
        var last = (await evening.Guests["女02"].Get(Mine)).Items[0].Text("id");
        (await evening.Guests["女02"].Put($"{Mine}/{last}", new { answer = "parted" })).MustBe(HttpStatusCode.NoContent);
        await house.Services.GetRequiredService<TallyEvenings>().RunAsync(CancellationToken.None);
        Assert.Equal(closed.Text, (await chair.Get($"{Figures}?year={year - 2}")).MustBe(HttpStatusCode.OK).Text);

        // Other branches count their own; what was counted stays when the people are gone.
        var elsewhere = (await (await house.Staff(Role.UnionChair, "dazhaoying")).Get(Figures)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("0", "", ""), (elsewhere["evenings"], elsewhere["pairs"], elsewhere["closedAt"]));
        (await chair.Get($"{Figures}?year=1999")).MustBe(HttpStatusCode.BadRequest, "malformed");
        await house.Execute($"DELETE FROM plates WHERE activity_id = '{evening.Id}'");
        await house.Services.GetRequiredService<TallyEvenings>().RunAsync(CancellationToken.None);
        Assert.Equal("6 6 6 6 5 0 4 1 0", await TallyOf(evening));
    }

    private static string InWords(JsonElement stage) =>
        $"{stage.Text("stage")} {stage.Text("together")} {stage.Text("parted")} {stage.Text("married")} {stage.Text("answered")}";

    private Task MoveBackAsync(Evening evening, int years) => house.Execute(
        $"UPDATE activities SET ends_at = ends_at - {years * Year}, starts_at = starts_at - {years * Year}, opens_at = opens_at - {years * Year}, "
        + $"closes_at = closes_at - {years * Year}, cancel_until = cancel_until - {years * Year} WHERE id = '{evening.Id}'");

    private Task<string> TallyOf(Evening evening) => house.Text(
        "SELECT CONCAT(men_signed_up, ' ', women_signed_up, ' ', men_came, ' ', women_came, ' ', pairs, ' ', month_together, ' ', week_together, ' ', week_parted, ' ', week_married) "
        + $"FROM singles_tallies WHERE activity_id = '{evening.Id}'");

    /// <summary>So much later the program asks: what both of 男01 and 女01 were asked so far.</summary>
    private async Task<string> AskedAfter(Evening evening, TimeSpan wait)
    {
        await house.Execute($"UPDATE matches SET at = at - {wait.TotalMilliseconds} WHERE round_id IN (SELECT id FROM ballot_rounds WHERE activity_id = '{evening.Id}')");
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Services.GetRequiredService<AskFollowUps>().RunAsync(CancellationToken.None);
        var asked = new List<string>();
        foreach (var plate in new[] { "男01", "女01" })
        {
            asked.Add(string.Join(' ', (await evening.Guests[plate].Get(Mine)).MustBe(HttpStatusCode.OK).Items.Select(i => i.Text("stage"))));
        }

        Assert.Equal(asked[0], asked[1]);
        return asked[0];
    }
}
