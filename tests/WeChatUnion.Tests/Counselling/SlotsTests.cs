using System.Net;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class SlotsOnSqlite(SqliteHouse house) : SlotsTests(house), IClassFixture<SqliteHouse>;

public sealed class SlotsOnMariaDb(MariaDbHouse house) : SlotsTests(house), IClassFixture<MariaDbHouse>;

public abstract class SlotsTests(TestHouse house)
{
    private static readonly string[] ByPhone = ["phone"];
    private static readonly string[] Inside = ["in_person"];

    [Fact]
    public async Task Who_asks_for_a_counsellor_by_name_is_told_to_give_an_id() => Assert.Equal(
        ["counsellor"],
        (await (await house.Worker()).Get($"/api/v1/counselling-slots?counsellor={Uri.EscapeDataString("林静")}")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);

    [Fact]
    public async Task A_week_becomes_slots_of_fifty_minutes_and_ten_between()
    {
        var (counsellor, worker) = (await house.Counsellor(), await house.Worker());
        var day = house.In(2, "00:00");
        Assert.Equal(
            [$"{day:MM-dd}T09:00", $"{day:MM-dd}T10:00", $"{day:MM-dd}T11:00"],
            await worker.SlotTimes($"counsellor={counsellor.Id}&from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}"));

        var answer = (await worker.Get($"{Practice.Slots}?counsellor={counsellor.Id}&take=1")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["phone", "video"], answer.Items[0].GetProperty("modes").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("12356", answer.Body.GetProperty("hotlines")[0].GetProperty("number").GetString());
        var pages = new List<string>();
        for (string? next = null; ;)
        {
            var page = (await worker.Get($"{Practice.Slots}?counsellor={counsellor.Id}&take=7" + (next is null ? "" : $"&after={next}"))).MustBe(HttpStatusCode.OK);
            pages.AddRange(page.Items.Select(i => i.Text("startsAt")));
            if ((next = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(pages.Distinct().Order(StringComparer.Ordinal), pages);
        Assert.InRange(pages.Count, 85, 93);
    }

    [Theory]
    [InlineData("mode=telepathy", "mode")]
    [InlineData("sex=3", "sex")]
    [InlineData("take=51", "take")]
    [InlineData("after=x", "after")]
    [InlineData("after=9999999999999999-00000000000000000000000000000000", "after")]
    public async Task A_question_that_makes_no_sense_is_refused_with_its_field(string query, string field) =>
        Assert.Equal([field], (await (await house.Worker()).Get($"{Practice.Slots}?{query}")).MustBe(HttpStatusCode.BadRequest).WrongFields);

    [Fact]
    public async Task Notice_and_horizon_bound_the_slots_to_the_millisecond()
    {
        var (counsellor, worker) = (await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00")), await house.Client());
        var at = house.In(1, "08:00");
        house.Clock.Advance(at.AddHours(-2) - house.Clock.GetUtcNow());
        Assert.Equal($"{at:MM-dd}T08:00", (await worker.SlotTimes($"counsellor={counsellor.Id}"))[0]);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal($"{at:MM-dd}T09:00", (await worker.SlotTimes($"counsellor={counsellor.Id}"))[0]);
        (await worker.Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await worker.Hold(counsellor.Id, house.In(31, "09:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await worker.Hold(counsellor.Id, house.In(30, "09:30"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await worker.Hold(counsellor.Id, house.In(30, "09:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task On_holidays_the_week_does_not_hold_and_a_worked_weekend_has_hours_of_its_own()
    {
        // Mondays 09:00, worked weekends 14:00; reckoned around New Year 2027 as the table of holidays has it.
        var week = new object[]
        {
            new { weekday = 6, from = "09:00", until = "10:00", modes = new[] { "video" }, effectiveFrom = "2026-01-01" },
            new { weekday = 8, from = "14:00", until = "15:00", modes = new[] { "video" }, effectiveFrom = "2026-01-01" },
            new { weekday = 5, from = "09:00", until = "10:00", modes = new[] { "video" }, effectiveFrom = "2026-01-01" },
        };
        var (counsellor, worker) = (await house.Counsellor(week: week), await house.Worker());
        var (holiday, worked) = (house.In(3, "00:00"), house.In(4, "00:00"));
        while (holiday.DayOfWeek != DayOfWeek.Friday)
        {
            (holiday, worked) = (holiday.AddDays(1), holiday.AddDays(2));
        }

        Assert.Equal(
            [$"{holiday:MM-dd}T09:00", $"{worked:MM-dd}T09:00"],
            await worker.SlotTimes($"counsellor={counsellor.Id}&from={holiday:yyyy-MM-dd}&to={worked:yyyy-MM-dd}"));
        await house.Execute($"INSERT INTO calendar_days (day, kind, name) VALUES ('{holiday:yyyy-MM-dd}', 'holiday', '假'), ('{worked:yyyy-MM-dd}', 'workday', '调休')");
        Assert.Equal(
            [$"{worked:MM-dd}T14:00"],
            await worker.SlotTimes($"counsellor={counsellor.Id}&from={holiday:yyyy-MM-dd}&to={worked:yyyy-MM-dd}"));

        // Open on the holiday all the same.
        (await counsellor.Person.Post(
            $"{Practice.MyFile}/other-days",
            new { firstOn = $"{holiday:yyyy-MM-dd}", lastOn = $"{holiday:yyyy-MM-dd}", isOpen = true, from = "20:00", until = "21:00", modes = ByPhone }))
            .MustBe(HttpStatusCode.Created);
        Assert.Equal(
            [$"{holiday:MM-dd}T20:00", $"{worked:MM-dd}T14:00"],
            await worker.SlotTimes($"counsellor={counsellor.Id}&from={holiday:yyyy-MM-dd}&to={worked:yyyy-MM-dd}"));
        await house.Execute($"DELETE FROM calendar_days WHERE day IN ('{holiday:yyyy-MM-dd}', '{worked:yyyy-MM-dd}')");
    }

    [Fact]
    public async Task Time_off_takes_slots_away_until_it_is_taken_back_and_names_the_talks_that_stand()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var day = house.In(5, "00:00");
        var talk = await client.Book(counsellor.Id, house.In(5, "10:00"));
        var off = (await counsellor.Person.Post(
            $"{Practice.MyFile}/other-days",
            new { firstOn = $"{day:yyyy-MM-dd}", lastOn = $"{day.AddDays(1):yyyy-MM-dd}", isOpen = false, from = "10:40", until = "24:00" })).MustBe(HttpStatusCode.Created);
        Assert.Equal([talk], off.Body.GetProperty("bookedMeanwhile").EnumerateArray().Select(b => b.GetString()));
        var query = $"counsellor={counsellor.Id}&from={day:yyyy-MM-dd}&to={day.AddDays(1):yyyy-MM-dd}";
        Assert.Equal([$"{day:MM-dd}T09:00", $"{day.AddDays(1):MM-dd}T09:00"], await client.SlotTimes(query));
        var id = off.Body.GetProperty("days").Text("id");
        (await (await house.Counsellor()).Person.Delete($"{Practice.MyFile}/other-days/{id}")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(2, (await client.SlotTimes(query)).Length);
        (await counsellor.Person.Delete($"{Practice.MyFile}/other-days/{id}")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(5, (await client.SlotTimes(query)).Length);
    }

    [Fact]
    public async Task Extra_hours_over_the_week_make_no_second_slot_of_the_same_time()
    {
        var room = await house.Room();
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var day = house.In(6, "00:00");
        (await counsellor.Person.Post(
            $"{Practice.MyFile}/other-days",
            new { firstOn = $"{day:yyyy-MM-dd}", lastOn = $"{day:yyyy-MM-dd}", isOpen = true, from = "10:00", until = "13:00", modes = Inside, roomId = room }))
            .MustBe(HttpStatusCode.Created);
        var items = (await client.Get($"{Practice.Slots}?counsellor={counsellor.Id}&from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}")).MustBe(HttpStatusCode.OK).Items;
        Assert.Equal(
            ["09:00 phone,video", "10:00 in_person,phone,video", "11:00 in_person,phone,video", "12:00 in_person"],
            items.Select(i => $"{i.Text("startsAt")[11..16]} {string.Join(',', i.GetProperty("modes").EnumerateArray())}"));
        (await client.Hold(counsellor.Id, house.In(6, "10:00"), "in_person")).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Time_off_may_last_to_the_end_of_the_calendar()
    {
        var counsellor = await house.Counsellor();
        var off = (await counsellor.Person.Post($"{Practice.MyFile}/other-days", new { firstOn = "9999-12-01", lastOn = "9999-12-31", isOpen = false })).MustBe(HttpStatusCode.Created);
        Assert.Equal("9999-12-31", off.Body.GetProperty("days").Text("lastOn"));
    }

    [Fact]
    public async Task A_certificate_that_runs_out_and_the_daily_limit_and_the_lead_end_the_slots()
    {
        var worker = await house.Client();
        var last = house.In(3, "00:00");
        var form = Practice.Form();
        form["validUntil"] = $"{last:yyyy-MM-dd}";
        form["mostPerDay"] = 1;
        form["leadMinutes"] = 30;
        var counsellor = await house.Counsellor(form);
        var from = house.In(2, "00:00");
        Assert.Equal(
            [$"{from:MM-dd}T09:00", $"{from:MM-dd}T10:30", $"{last:MM-dd}T09:00", $"{last:MM-dd}T10:30"],
            await worker.SlotTimes($"counsellor={counsellor.Id}&from={from:yyyy-MM-dd}"));
        (await worker.Hold(counsellor.Id, house.In(3, "09:00"))).MustBe(HttpStatusCode.Created);
        Assert.Equal([$"{from:MM-dd}T09:00", $"{from:MM-dd}T10:30"], await worker.SlotTimes($"counsellor={counsellor.Id}&from={from:yyyy-MM-dd}"));
    }

    [Fact]
    public async Task A_room_is_given_once_and_what_needs_none_goes_on()
    {
        var room = await house.Room();
        var (one, other) = (await house.Counsellor(week: Practice.Week(room)), await house.Counsellor(week: Practice.Week(room)));
        var (client, second) = (await house.Client(), await house.Client());
        var at = house.In(4, "09:00");
        var held = (await client.Hold(one.Id, at, "in_person")).MustBe(HttpStatusCode.Created);
        Assert.Contains("302", held.Appointment("place"), StringComparison.Ordinal);
        (await second.Hold(other.Id, at, "in_person")).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await second.Hold(other.Id, at, "video")).MustBe(HttpStatusCode.Created);
        var supervisor = await house.Supervisor();
        (await supervisor.Put($"/api/v1/office/counselling-rooms/{room}", new { version = 1, name = "谈心室", address = "三楼", isOpen = false })).MustBe(HttpStatusCode.OK);
        (await supervisor.Put($"/api/v1/office/counselling-rooms/{room}", new { version = 1, name = "谈心室", address = "三楼", isOpen = true }))
            .MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await second.Hold(other.Id, house.In(4, "10:00"), "in_person")).MustBe(HttpStatusCode.Conflict, "slot_gone");
    }
}

public sealed class SlotRulesTests
{
    [Theory]
    [InlineData(540, 600, "540")]
    [InlineData(540, 590, "540")]
    [InlineData(540, 580, "")]
    [InlineData(0, 1440, "0 60 120 180 240 300 360 420 480 540 600 660 720 780 840 900 960 1020 1080 1140 1200 1260 1320 1380")]
    public void Talks_begin_one_whole_length_after_the_other(int from, int until, string expected) => Assert.Equal(
        expected,
        string.Join(' ', SlotRules.Beginnings([new DayWindow(from, until, [], null)], [], new TalkLength(0, 50, 10)).Select(b => b.Minute)));

    [Fact]
    public void Time_off_that_only_touches_a_talk_leaves_it() => Assert.Equal(
        [540, 660],
        SlotRules.Beginnings([new DayWindow(540, 720, [], null)], [(590, 601)], new TalkLength(0, 50, 10)).Select(b => b.Minute));

    [Theory]
    [InlineData("2028-02-29", null, 2)]
    [InlineData("2026-11-29", null, 7)]
    [InlineData("2026-10-01", "holiday", null)]
    [InlineData("2026-02-14", "workday", 8)]
    public void Each_day_has_its_weekday(string day, string? kind, int? weekday) =>
        Assert.Equal(weekday, SlotRules.WeekdayOf(DateOnly.Parse(day, null), kind));
}
