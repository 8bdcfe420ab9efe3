using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Waiting;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class WaitingOnSqlite(SqliteHouse house) : WaitingTests(house), IClassFixture<SqliteHouse>;

public sealed class WaitingOnMariaDb(MariaDbHouse house) : WaitingTests(house), IClassFixture<MariaDbHouse>;

/// <summary>The line for full weeks, more free talks, and what is said afterwards.</summary>
public abstract class WaitingTests(TestHouse house)
{
    private const string Waiting = "/api/v1/me/waiting-for-talk";

    private static readonly object[] OneSlotADay = Practice.Week(until: "09:50");

    [Fact]
    public async Task What_becomes_free_is_kept_for_the_first_in_the_line_then_for_the_next()
    {
        var counsellor = await house.Counsellor(week: OneSlotADay);
        var (booked, first, second, passer) = (await house.Client(), await house.Client(), await house.Client(), await house.Client());
        var at = house.In(3, "09:00");
        (await Wait(first, counsellor, at)).MustBe(HttpStatusCode.Conflict, "slots_free");
        var talk = await booked.Book(counsellor.Id, at);
        Assert.Equal("1", (await Wait(first, counsellor, at)).MustBe(HttpStatusCode.OK).Body.GetProperty("waiting").Text("position"));
        Assert.Equal("2", (await Wait(second, counsellor, at)).MustBe(HttpStatusCode.OK).Body.GetProperty("waiting").Text("position"));
        Assert.Equal("1", (await Wait(first, counsellor, at)).MustBe(HttpStatusCode.OK).Body.GetProperty("waiting").Text("position"));
        await Offer();
        Assert.Empty((await first.Get("/api/v1/me/appointments")).Items);

        // Whoever comes by is not served before those who wait, nor is one who wants to move there.
        (await booked.Cancel(talk)).MustBe(HttpStatusCode.OK);
        (await passer.Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        await Offer();
        var offered = Assert.Single((await first.Get("/api/v1/me/appointments")).Items);
        Assert.Equal("held", offered.Text("state"));
        await house.TellClients();
        Assert.DoesNotMatch("咨询|心理|林静", Assert.Single((await first.Get("/api/v1/me/messages")).Items).ToString());
        Assert.Empty((await second.Get("/api/v1/me/appointments")).Items);
        Assert.Equal("1", (await second.Get(Waiting)).Body.GetProperty("waiting").Text("position"));
        await Offer();

        // The first lets it lapse; the second confirms to the last millisecond.
        house.Clock.Advance(offered.GetProperty("heldUntil").GetDateTimeOffset() - house.Clock.GetUtcNow());
        (await first.Confirm(offered.Text("id"))).MustBe(HttpStatusCode.Conflict, "hold_over");
        (await passer.Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        await house.Services.GetRequiredService<Lapses>().RunAsync(CancellationToken.None);
        await Offer();
        offered = Assert.Single((await second.Get("/api/v1/me/appointments")).Items);
        house.Clock.Advance(offered.GetProperty("heldUntil").GetDateTimeOffset() - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        (await second.Confirm(offered.Text("id"))).MustBe(HttpStatusCode.OK);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await second.Get(Waiting)).Body.GetProperty("waiting").ValueKind);
        Assert.Empty(await house.DoubleBooked());
    }

    [Fact]
    public async Task Who_waits_no_more_or_has_a_talk_makes_way_and_a_line_whose_days_are_over_is_told()
    {
        var counsellor = await house.Counsellor(week: OneSlotADay);
        var (booked, gone, late) = (await house.Client(), await house.Client(), await house.Client());
        var at = house.In(2, "09:00");
        await booked.Book(counsellor.Id, at);
        (await Wait(booked, counsellor, at)).MustBe(HttpStatusCode.Conflict, "appointment_open");
        (await Wait(await house.Worker(), counsellor, at)).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        (await Wait(gone, counsellor, at)).MustBe(HttpStatusCode.OK);
        (await Wait(late, counsellor, at)).MustBe(HttpStatusCode.OK);
        (await gone.Delete(Waiting)).MustBe(HttpStatusCode.OK);
        (await gone.Delete(Waiting)).MustBe(HttpStatusCode.OK);
        Assert.Equal("1", (await late.Get(Waiting)).Body.GetProperty("waiting").Text("position"));
        foreach (var (days, field) in new[] { (-1, "firstOn"), (31, "firstOn") })
        {
            Assert.Equal([field], (await Wait(gone, counsellor, house.In(days, "09:00"))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        }

        house.Clock.Advance(house.In(3, "08:00") - house.Clock.GetUtcNow());
        await Offer();
        await house.TellClients();
        Assert.Contains("没有空出合适的时间", Assert.Single((await late.Get("/api/v1/me/messages")).Items).Text("text"), StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await late.Get(Waiting)).Body.GetProperty("waiting").ValueKind);
    }

    [Fact]
    public async Task Fifty_who_wait_at_once_stand_in_one_line()
    {
        var counsellor = await house.Counsellor(week: OneSlotADay);
        var at = house.In(4, "09:00");
        await (await house.Client()).Book(counsellor.Id, at);
        var people = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.Client()));
        var answers = await Task.WhenAll(people.Select(p => Retried(() => Wait(p, counsellor, at))));
        Assert.Equal(Enumerable.Range(1, 50), await Positions(people));
        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        await Task.WhenAll(people.Select(p => p.Delete(Waiting)));
    }

    [Fact]
    public async Task Whose_last_three_talks_were_missed_stands_in_the_line_before_she_books_again()
    {
        var (counsellor, client) = (await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00")), await house.Client());
        for (var i = 0; i < 3; i++)
        {
            var missed = await client.Book(counsellor.Id, house.In(1, "09:00"));
            (await client.Cancel(missed, "accepted")).MustBe(HttpStatusCode.OK);
            await house.Execute($"UPDATE appointments SET counts = 1 WHERE id = '{missed}'");
        }

        var refused = (await client.Hold(counsellor.Id, house.In(2, "09:00"))).MustBe(HttpStatusCode.Conflict, "talks_missed");
        Assert.Contains("12356", refused.Text, StringComparison.Ordinal);
        Assert.Equal("1", (await Wait(client, counsellor, house.In(2, "09:00"))).MustBe(HttpStatusCode.OK).Body.GetProperty("waiting").Text("position"));

        // What is promised to who waits is shown to nobody else as free, nor does she join again while she has it.
        Assert.Empty(await (await house.Worker()).SlotTimes($"from={house.In(2, "09:00"):yyyy-MM-dd}&to={house.In(2, "09:00"):yyyy-MM-dd}&counsellor={counsellor.Id}"));
        await Offer();
        var offered = (await client.Get("/api/v1/me/appointments")).Items.Single(a => a.Text("state") == "held").Text("id");
        (await Wait(client, counsellor, house.In(3, "09:00"))).MustBe(HttpStatusCode.Conflict, "appointment_open");
        (await client.Confirm(offered)).MustBe(HttpStatusCode.OK);
        await house.Execute($"UPDATE appointments SET state = 'done', open_client = NULL WHERE id = '{offered}'");
        (await client.Hold(counsellor.Id, house.In(2, "11:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Who_may_not_book_when_her_turn_comes_learns_why_she_waits_no_more()
    {
        var counsellor = await house.Counsellor(week: OneSlotADay);
        var (booked, waits) = (await house.Client(), await house.Client());
        var at = house.In(3, "09:00");
        var talk = await booked.Book(counsellor.Id, at);
        var hers = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            hers.Add(await waits.Book((await house.Counsellor()).Id, house.In(2, "09:00")));
            await house.Execute($"UPDATE appointments SET state = 'done', open_client = NULL WHERE id = '{hers[i]}'");
        }

        await house.Execute($"UPDATE appointments SET counts = 0 WHERE id = '{hers[5]}'");
        (await Wait(waits, counsellor, at)).MustBe(HttpStatusCode.OK);
        await house.Execute($"UPDATE appointments SET counts = 1 WHERE id = '{hers[5]}'");
        (await booked.Cancel(talk)).MustBe(HttpStatusCode.OK);
        await Offer();
        await house.TellClients();
        Assert.Contains("轮到您时暂不能预约", Assert.Single((await waits.Get("/api/v1/me/messages")).Items).Text("text"), StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await waits.Get(Waiting)).Body.GetProperty("waiting").ValueKind);
    }

    [Theory]
    [InlineData("20:00", 4, "10:00")]
    [InlineData("23:10", 4, "12:00")]
    [InlineData("09:00", 4, "13:00")]
    [InlineData("17:40", 4, "22:00", "08:00")]
    public void An_offer_takes_no_hours_of_the_night(string told, int hours, string until, string? morning = null)
    {
        var toldAt = house.In(5, told).ToUnixTimeMilliseconds();
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(OfferTalks.OfferUntil(long.MaxValue, hours, toldAt)).ToOffset(TimeSpan.FromHours(8));
        Assert.Equal(morning ?? until, $"{ends:HH:mm}");
    }

    [Fact]
    public async Task The_supervisor_allows_two_more_talks_once_a_year()
    {
        var (counsellor, client) = (await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00")), await house.Client());
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await house.Spend(client, counsellor.Id, house.In(1, "09:00")));
        }

        (await client.Hold(counsellor.Id, house.In(1, "09:00"))).MustBe(HttpStatusCode.Conflict, "free_talks_used");
        var supervisor = await house.Supervisor();
        var ask = new { reason = "睡眠仍未好转,建议再谈两次" };
        (await (await house.Counsellor()).Person.Post($"/api/v1/office/talks/{ids[0]}/extension-requests", ask)).MustBe(HttpStatusCode.NotFound);
        (await counsellor.Person.Post($"/api/v1/office/talks/{ids[0]}/extension-requests", ask)).MustBe(HttpStatusCode.NoContent);
        (await counsellor.Person.Post($"/api/v1/office/talks/{ids[0]}/extension-requests", ask)).MustBe(HttpStatusCode.Conflict, "extension_asked");
        (await counsellor.Person.Post($"/api/v1/office/talks/{ids[1]}/extension-requests", ask)).MustBe(HttpStatusCode.NoContent);
        const string Extensions = "/api/v1/office/counselling-extensions";
        var open = (await supervisor.Get(Extensions)).MustBe(HttpStatusCode.OK).Items;
        Assert.Equal([("小麦", "0"), ("小麦", "0")], open.Select(i => (i.Text("alias"), i.Text("talksLeft"))));
        (await supervisor.Post($"{Extensions}/{open[0].Text("id")}/approval", new { answer = "同意" })).MustBe(HttpStatusCode.NoContent);
        (await supervisor.Post($"{Extensions}/{open[0].Text("id")}/rejection", new { answer = "不同意" })).MustBe(HttpStatusCode.Conflict, "extension_decided");
        (await supervisor.Post($"{Extensions}/{open[1].Text("id")}/approval", new { answer = "同意" })).MustBe(HttpStatusCode.Conflict, "extended_already");
        (await supervisor.Post($"{Extensions}/{open[1].Text("id")}/rejection", new { answer = "一年一次" })).MustBe(HttpStatusCode.NoContent);
        Assert.Empty((await supervisor.Get(Extensions)).Items);
        Assert.Equal("2", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);
        await house.TellClients();
        Assert.DoesNotMatch("咨询|心理", Assert.Single((await client.Get("/api/v1/me/messages")).Items).ToString());
        (await client.Hold(counsellor.Id, house.In(1, "09:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Feedback_is_given_once_after_the_talk_and_shown_in_fives()
    {
        var counsellor = await house.Counsellor();
        var clients = new List<(Person Person, string Id)>();
        foreach (var time in new[] { "09:00", "10:00", "11:00" })
        {
            foreach (var day in new[] { 2, 3 })
            {
                var client = await house.Client();
                clients.Add((client, await client.Book(counsellor.Id, house.In(day, time))));
            }
        }

        (await clients[0].Person.Put($"{Practice.Appointments}/{clients[0].Id}/feedback", Said(5))).MustBe(HttpStatusCode.Conflict, "talk_not_done");
        house.Clock.Advance(house.In(3, "12:00") - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        foreach (var (person, id) in clients)
        {
            (await counsellor.Person.Put($"/api/v1/office/talks/{id}/completion", new { version = 2 })).MustBe(HttpStatusCode.OK);
            if (id != clients[^1].Id)
            {
                Assert.Equal("0", (await Shown())["count"]);
                (await person.Put($"{Practice.Appointments}/{id}/feedback", Said(4))).MustBe(HttpStatusCode.NoContent);
                (await person.Put($"{Practice.Appointments}/{id}/feedback", Said(1))).MustBe(HttpStatusCode.NoContent);
            }
        }

        Assert.Equal(("5", "4", "1"), ((await Shown())["count"], (await Shown())["stars"], (await Shown())["wouldComeAgain"]));
        var last = clients[^1];
        (await clients[0].Person.Put($"{Practice.Appointments}/{last.Id}/feedback", Said(1))).MustBe(HttpStatusCode.NotFound);
        (await last.Person.Put($"{Practice.Appointments}/{last.Id}/feedback", Said(1))).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(("5", "4"), ((await Shown())["count"], (await Shown())["stars"]));
        Assert.Equal("5", (await (await house.Supervisor()).Get($"/api/v1/office/counsellors/{counsellor.Id}/feedback")).MustBe(HttpStatusCode.OK)["count"]);

        Task<Answer> Shown() => counsellor.Person.Get($"{Practice.MyFile}/feedback");
        static object Said(int stars) => new { stars, wouldComeAgain = stars > 2 };
    }

    [Fact]
    public async Task Five_times_the_same_person_are_not_five()
    {
        var counsellor = await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00"));
        var often = await house.Client();
        for (var i = 0; i < 5; i++)
        {
            await SayAsync(often);
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("0", (await counsellor.Person.Get($"{Practice.MyFile}/feedback"))["count"]);
            await SayAsync(await house.Client());
        }

        Assert.Equal("9", (await counsellor.Person.Get($"{Practice.MyFile}/feedback"))["count"]);

        async Task SayAsync(Person client)
        {
            var id = await house.Spend(client, counsellor.Id, house.In(1, "09:00"));
            (await client.Put($"{Practice.Appointments}/{id}/feedback", new { stars = 4, wouldComeAgain = true })).MustBe(HttpStatusCode.NoContent);
        }
    }

    private static Task<Answer> Wait(Person person, Counsellor counsellor, DateTimeOffset day) =>
        person.Put(Waiting, new { counsellorId = counsellor.Id, mode = "video", firstOn = $"{day:yyyy-MM-dd}", lastOn = $"{day:yyyy-MM-dd}" });

    /// <summary>503 says: again.</summary>
    private static async Task<Answer> Retried(Func<Task<Answer>> ask)
    {
        for (var i = 0; ; i++)
        {
            if (await ask() is var answer && (answer.Status != HttpStatusCode.ServiceUnavailable || i == 20))
            {
                return answer;
            }
        }
    }

    private static async Task<IEnumerable<int>> Positions(IEnumerable<Person> people) =>
        (await Task.WhenAll(people.Select(p => p.Get(Waiting)))).Select(a => a.Body.GetProperty("waiting").GetProperty("position").GetInt32()).Order();

    private Task Offer() => house.Services.GetRequiredService<OfferTalks>().RunAsync(CancellationToken.None);
}
