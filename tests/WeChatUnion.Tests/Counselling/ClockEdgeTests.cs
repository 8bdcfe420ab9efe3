using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class ClockEdgeOnSqlite(SqliteHouse house) : ClockEdgeTests(house), IClassFixture<SqliteHouse>;

public sealed class ClockEdgeOnMariaDb(MariaDbHouse house) : ClockEdgeTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Where days, years and leap days meet: in Asia/Shanghai, not in UTC. One test, since it walks through the years.</summary>
public abstract class ClockEdgeTests(TestHouse house)
{
    private static readonly string[] ByVideo = ["video"];

    [Fact]
    public async Task Talks_keep_their_day_and_year_at_midnight_at_the_end_of_a_year_and_on_a_leap_day()
    {
        // A day ends at its midnight in China, which is 16:00 in UTC; the free talks of a year end with its last one.
        To("2026-12-31T20:30:00+08:00");
        var counsellor = await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00"));
        (await counsellor.Person.Post(
            $"{Practice.MyFile}/other-days",
            new { firstOn = "2027-01-01", lastOn = "2027-01-01", isOpen = true, from = "00:00", until = "24:00", modes = ByVideo })).MustBe(HttpStatusCode.Created);
        var client = await house.Client();
        Assert.Equal(["12-31T23:00"], await client.SlotTimes($"counsellor={counsellor.Id}&to=2026-12-31"));
        Assert.Equal("01-01T00:00", (await client.SlotTimes($"counsellor={counsellor.Id}&from=2027-01-01&to=2027-01-01"))[0]);
        for (var i = 0; i < 6; i++)
        {
            await house.Spend(client, counsellor.Id, At("2026-12-31T23:00:00+08:00"));
        }

        (await client.Hold(counsellor.Id, At("2026-12-31T23:00:00+08:00"))).MustBe(HttpStatusCode.Conflict, "free_talks_used");
        var held = (await client.Hold(counsellor.Id, At("2027-01-01T00:00:00+08:00"))).MustBe(HttpStatusCode.Created);
        Assert.Equal("5", held["freeTalksLeft"]);
        (await client.Confirm(held.Appointment("id"))).MustBe(HttpStatusCode.OK);
        Assert.DoesNotContain((await counsellor.Person.Get("/api/v1/office/me/talks?from=2026-12-31&to=2026-12-31")).MustBe(HttpStatusCode.OK).Items, i => i.Text("state") == "booked");
        Assert.Single((await counsellor.Person.Get("/api/v1/office/me/talks?from=2027-01-01&to=2027-01-01")).MustBe(HttpStatusCode.OK).Items);

        // The limit to cancel lies in the year before.
        To("2026-12-31T23:59:59.999+08:00");
        (await client.Cancel(held.Appointment("id"))).MustBe(HttpStatusCode.Conflict, "late_to_cancel");
        To("2027-01-01T00:00:00+08:00");
        (await client.Cancel(held.Appointment("id"), "accepted")).MustBe(HttpStatusCode.Conflict, "talk_begun");
        Assert.Equal("5", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);

        // 29 February is a day like others, and the horizon counts it.
        To("2028-02-28T22:30:00+08:00");
        (counsellor, client) = (await house.SignIn(counsellor), await house.Client());
        Assert.Equal(23, (await client.SlotTimes($"counsellor={counsellor.Id}&from=2028-02-29&to=2028-02-29")).Length);
        await client.Book(counsellor.Id, At("2028-02-29T23:00:00+08:00"));
        Assert.Single((await counsellor.Person.Get("/api/v1/office/me/talks?from=2028-02-29&to=2028-02-29")).MustBe(HttpStatusCode.OK).Items);
        (await (await house.Client()).Hold(counsellor.Id, At("2028-03-29T23:00:00+08:00"))).MustBe(HttpStatusCode.Created);
        (await (await house.Client()).Hold(counsellor.Id, At("2028-03-30T00:00:00+08:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, null);

    private void To(string instant) => house.Clock.Advance(At(instant) - house.Clock.GetUtcNow());
}
