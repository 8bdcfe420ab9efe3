using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Reports;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class ReportOnSqlite(SinglesOnSqlite house) : ReportTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class ReportOnMariaDb(SinglesOnMariaDb house) : ReportTests(house), IClassFixture<SinglesOnMariaDb>;

/// <summary>A guest reports another; what an officer decides has effect.</summary>
public abstract class ReportTests(TestHouse house)
{
    [Fact]
    public async Task A_bar_closes_sign_up_and_the_door_until_another_officer_lifts_it()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var report = (await evening.Guests["女01"].Post($"{evening.Path}/reports", new { plate = "男01", kind = "harassment", text = "纠缠不休" })).MustBe(HttpStatusCode.Created);
        var seen = (await evening.Host.Get($"{evening.Office}/reports")).MustBe(HttpStatusCode.OK).Items.Single();
        Assert.Equal("男01 女01 纠缠不休 open", $"{seen.Text("plate")} {seen.Text("reporter")} {seen.Text("text")} {seen.Text("state")}");
        var decision = $"{evening.Office}/reports/{report["id"]}/decision";
        (await evening.Host.Post(decision, new { state = "open", reason = "原因" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await evening.Host.Post(decision, new { state = "warned", barredUntil = "2027-01-01", reason = "原因" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var (next, _) = await AnnounceForAsync(evening);
        var man = evening.Guests["男01"];
        (await man.SignUp(next)).MustBe(HttpStatusCode.OK);
        (await evening.Host.Post(decision, new { state = "barred", barredUntil = "2027-01-01", reason = "骚扰嘉宾" })).MustBe(HttpStatusCode.NoContent);
        (await evening.Host.Post(decision, new { state = "dismissed", reason = "没有" })).MustBe(HttpStatusCode.Conflict, "report_decided");

        // He had a place already: the door says no; a new sign-up is refused, with the reason and the day.
        house.Clock.Advance(TimeSpan.FromMinutes(90));
        var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var refused = await host.PostWithoutKey(
            $"/api/v1/office/activities/{next}/check-ins",
            new { enrolmentId = await house.Text($"SELECT id FROM enrolments WHERE activity_id = '{next}' AND person_id = '{evening.Comers[0].PersonId}'") });
        Assert.DoesNotContain("骚扰", refused.MustBe(HttpStatusCode.Conflict, "may_not_come_in").Text, StringComparison.Ordinal);
        var (later, _) = await AnnounceForAsync(evening);
        var closed = (await man.SignUp(later)).MustBe(HttpStatusCode.Conflict, "not_eligible");
        Assert.Contains("至 2027-01-01 止", closed["detail"], StringComparison.Ordinal);
        Assert.Contains("骚扰嘉宾", closed["detail"], StringComparison.Ordinal);
        Assert.Contains("骚扰嘉宾", (await man.Get("/api/v1/me/singles-entry"))["barred"], StringComparison.Ordinal);

        var bar = (await host.Get("/api/v1/office/singles-bars")).MustBe(HttpStatusCode.OK).Items.First();
        Assert.Equal(("False", "2027-01-01"), (bar.Text("mayLift"), bar.Text("untilOn")));
        Assert.Contains((await house.Audited("list_singles_bars", bar.Text("id")!)).Select(a => a.SubjectId), s => s == evening.Comers[0].PersonId);
        Assert.Equal("骚扰嘉宾", (await host.Get($"{evening.Office}/reports")).Items.Single().Text("answer"));
        Assert.Equal(
            evening.Comers.Select(c => c.PersonId).Order(), (await house.Audited("list_guests", evening.Id)).Select(a => a.SubjectId).Distinct().Order());
        (await host.Post($"/api/v1/office/singles-bars/{bar.Text("id")}/lifting", null)).MustBe(HttpStatusCode.Conflict, "second_reviewer_needed");
        (await (await house.Staff(Role.UnionChair, "dazhaoying")).Post($"/api/v1/office/singles-bars/{bar.Text("id")}/lifting", null)).MustBe(HttpStatusCode.NotFound);
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        (await chair.Post($"/api/v1/office/singles-bars/{bar.Text("id")}/lifting", null)).MustBe(HttpStatusCode.NoContent);
        (await man.SignUp(later)).MustBe(HttpStatusCode.OK);
    }

    /// <summary>The evening is another union's: her own hears of a bar for ever, and can do nothing about it.</summary>
    [Theory]
    [InlineData(null, 1)]
    [InlineData("2027-01-01", 0)]
    public async Task Who_is_barred_for_ever_stands_on_the_list_of_her_own_union_too(string? until, int times)
    {
        var evening = await Evening.BeginAsync(house, 1);
        var report = (await evening.Guests["女01"].Post($"{evening.Path}/reports", new { plate = "男01", kind = "false_identity", text = "已婚" })).MustBe(HttpStatusCode.Created);
        await house.Execute($"UPDATE activities SET union_id = '{await house.UnionId("dazhaoying")}' WHERE id = '{evening.Id}'");
        var decision = $"{evening.Office}/reports/{report["id"]}/decision";
        var (host, own) = (await house.Staff(Role.ActivityOrganiser, "dazhaoying"), await house.Staff(Role.UnionChair, "jinsui"));
        (await host.Post(decision, new { state = "barred", barredUntil = until, reason = "虚假承诺单身" })).MustBe(HttpStatusCode.NoContent);
        var bar = await house.Text($"SELECT id FROM singles_bars WHERE person_id = '{evening.Comers[0].PersonId}'");
        var seen = (await own.Get("/api/v1/office/singles-bars?take=50")).MustBe(HttpStatusCode.OK).Items.Where(b => b.Text("id") == bar).ToList();
        Assert.Equal(times, seen.Count);
        Assert.All(seen, b => Assert.Equal(("False", "虚假承诺单身"), (b.Text("mayLift"), b.Text("reason"))));
        (await own.Post($"/api/v1/office/singles-bars/{bar}/lifting", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Contains((await (await house.Staff(Role.UnionChair, "dazhaoying")).Get("/api/v1/office/singles-bars?take=50")).Items, b => b.Text("id") == bar && b.Text("mayLift") == "True");
        await house.Execute($"DELETE FROM singles_bars WHERE id = '{bar}'");
    }

    [Fact]
    public async Task A_bar_ends_with_its_last_day()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var report = (await evening.Guests["女01"].Post($"{evening.Path}/reports", new { plate = "男01", kind = "selling", text = "推销保险" })).MustBe(HttpStatusCode.Created);
        var today = DateOnly.FromDateTime(house.Clock.GetUtcNow().AddHours(8).DateTime);
        (await evening.Host.Post($"{evening.Office}/reports/{report["id"]}/decision", new { state = "barred", barredUntil = today, reason = "推销" })).MustBe(HttpStatusCode.NoContent);
        var (next, _) = await AnnounceForAsync(evening);
        (await evening.Guests["男01"].SignUp(next)).MustBe(HttpStatusCode.Conflict, "not_eligible");
        house.Clock.Advance(TimeSpan.FromDays(1));
        (next, _) = await AnnounceForAsync(evening);
        (await evening.Guests["男01"].SignUp(next)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_stayed_away_twice_is_kept_out_for_six_months_and_a_lifted_absence_counts_no_more()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var person = evening.Comers[0].PersonId;
        for (var i = 0; i < 2; i++)
        {
            var (id, _) = await AnnounceForAsync(evening);
            (await evening.Guests["男01"].SignUp(id)).MustBe(HttpStatusCode.OK);
            await house.Execute(
                $"INSERT INTO enrolment_steps (id, enrolment_id, kind, at) SELECT '{Guid.NewGuid():N}', id, 'no_show', 0 FROM enrolments WHERE activity_id = '{id}' AND person_id = '{person}'");
        }

        house.Clock.Advance(TimeSpan.FromHours(6));
        var (next, _) = await AnnounceForAsync(evening);
        var refused = (await evening.Guests["男01"].SignUp(next)).MustBe(HttpStatusCode.Conflict, "not_eligible");
        Assert.Contains("2 次报名联谊而没有到场", refused["detail"], StringComparison.Ordinal);
        var last = await house.Text($"SELECT MAX(enrolment_id) FROM enrolment_steps WHERE kind = 'no_show' AND enrolment_id IN (SELECT id FROM enrolments WHERE person_id = '{person}')");
        await house.Execute($"INSERT INTO enrolment_steps (id, enrolment_id, kind, at) VALUES ('{new string('f', 32)}', '{last}', 'no_show_lifted', 0)");
        Assert.DoesNotContain("没有到场", (await evening.Guests["男01"].SignUp(next)).Text, StringComparison.Ordinal);
        await house.Execute($"DELETE FROM enrolment_steps WHERE id = '{new string('f', 32)}'");
    }

    /// <summary>Months after 2024-01-01 of absences; until how many months after it she is kept out by the last.</summary>
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0 13", 13)]
    [InlineData("0 11", 17)]
    [InlineData("0 12", 12)]
    [InlineData("0 5 11", 23)]
    [InlineData("0 12 13", 19)]
    public void Two_absences_of_twelve_months_keep_out_for_six_and_three_for_twelve(string absences, int until)
    {
        var all = absences.Split(' ').Select(m => After(int.Parse(m, CultureInfo.InvariantCulture))).ToList();
        Assert.Equal(After(until), Bars.BarAfter(all[^1], all).Until);

        static long After(int months) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddMonths(months).ToUnixTimeMilliseconds();
    }

    [Fact]
    public async Task A_bar_is_kept_three_years_after_its_end_or_lifting_and_one_for_ever_while_it_holds()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (now, day) = (house.Clock.GetUtcNow().ToUnixTimeMilliseconds(), 86_400_000L);
        var made = now - (3000 * day);
        foreach (var (ends, lifted) in new (long?, long?)[] { (now + day, null), (null, null), (now - (1097 * day), null), (now + day, now - (1097 * day)), (null, now - (1000 * day)) })
        {
            await house.Execute(
                "INSERT INTO singles_bars (id, person_id, union_id, ends_at, reason_sealed, made_by, at, lifted_by, lifted_at) SELECT "
                + $"'{Guid.NewGuid():N}', '{evening.Comers[0].PersonId}', union_id, {ends?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}, '', made_by, {made}, NULL, {lifted?.ToString(CultureInfo.InvariantCulture) ?? "NULL"} "
                + $"FROM activities WHERE id = '{evening.Id}'");
        }

        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(3, await house.Number($"SELECT COUNT(*) FROM singles_bars WHERE at = {made}"));
        await house.Execute($"DELETE FROM singles_bars WHERE at = {made}");
    }

    [Fact]
    public async Task Only_guests_of_the_evening_report_each_other()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var path = $"{evening.Path}/reports";
        (await (await house.Member()).Post(path, new { plate = "男01", kind = "other", text = "说明" })).MustBe(HttpStatusCode.Conflict, "no_plate");
        (await evening.Guests["女01"].Post(path, new { plate = "女01", kind = "other", text = "说明" })).MustBe(HttpStatusCode.Conflict, "plate_unknown");
        (await evening.Guests["女01"].Post(path, new { plate = "男09", kind = "other", text = "说明" })).MustBe(HttpStatusCode.Conflict, "plate_unknown");
        (await evening.Guests["女01"].Post(path, new { plate = "九号男", kind = "other", text = "说明" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await house.Staff(Role.ActivityOrganiser, "dazhaoying")).Get($"{evening.Office}/reports")).MustBe(HttpStatusCode.NotFound);
    }

    private Task<(string Id, IReadOnlyList<Comer> Comers)> AnnounceForAsync(Evening evening) => Evening.AnnounceAsync(house, evening.Comers.Count);
}
