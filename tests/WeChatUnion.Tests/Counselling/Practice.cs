using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

/// <summary>A counsellor with an account, an approved file and a week.</summary>
public sealed record Counsellor(Person Person, string Id, string StaffName);

/// <summary>Counsellors and clients to play with.</summary>
internal static class Practice
{
    public const string Appointments = "/api/v1/appointments";
    public const string Slots = "/api/v1/counselling-slots";
    public const string Consent = "/api/v1/me/counselling-consent";
    public const string MyFile = "/api/v1/office/me/counsellor";

    private static readonly string[] FromAfar = ["phone", "video"];
    private static readonly string[] Everyhow = ["in_person", .. FromAfar];

    private static int counsellors;

    public static Dictionary<string, object?> Form(string name = "林静") => new()
    {
        ["name"] = name,
        ["sex"] = "2",
        ["introduction"] = "擅长职场压力与睡眠问题的疏导,十年经验。",
        ["qualification"] = "counsellor_level2",
        ["certificateNumber"] = "1512345678900012",
        ["issuer"] = "人力资源和社会保障部",
        ["validUntil"] = null,
        ["specialities"] = new[] { "work_stress", "sleep" },
        ["trainingHours"] = 300,
        ["contractFrom"] = "2026-01-01",
        ["contractUntil"] = "2029-12-31",
        ["sessionMinutes"] = 50,
        ["leadMinutes"] = 0,
        ["breakMinutes"] = 10,
        ["mostPerDay"] = 12,
        ["talkPhone"] = "0373-5080000",
        ["videoLink"] = "https://meeting.example.cn/room-1",
    };

    /// <summary>Every day from 09:00 to 12:00, also on holidays' moved working days, by phone and video, and in person with a room.</summary>
    public static object[] Week(string? room = null, string from = "09:00", string until = "12:00") =>
    [
        .. Enumerable.Range(1, 8).Select(day => new
        {
            weekday = day,
            from,
            until,
            modes = room is null ? FromAfar : Everyhow,
            roomId = room,
            effectiveFrom = "2026-01-01",
        }),
    ];

    /// <summary>Signed in on the clock of this moment: a staff session lasts twelve hours.</summary>
    public static async Task<Counsellor> SignIn(this TestHouse house, Counsellor counsellor) =>
        counsellor with { Person = await house.SignInStaff(counsellor.StaffName) };

    public static async Task<Counsellor> Counsellor(this TestHouse house, Dictionary<string, object?>? form = null, object[]? week = null)
    {
        var name = $"counsellor-{Interlocked.Increment(ref counsellors)}";
        await house.AddStaffAsync(name, Role.Counsellor, "county");
        var person = await house.SignInStaff(name);
        var file = (await person.Put(MyFile, new { form = form ?? Form() })).MustBe(HttpStatusCode.OK);
        (await (await house.Supervisor()).Post($"/api/v1/office/counsellors/{file["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK);
        (await person.Put($"{MyFile}/week", new { version = 2, windows = week ?? Week() })).MustBe(HttpStatusCode.OK);
        return new Counsellor(person, file["id"], name);
    }

    public static Task<Person> Supervisor(this TestHouse house) => house.Staff(Role.CounsellingSupervisor, "county");

    public static async Task<string> Room(this TestHouse house) =>
        (await (await house.Supervisor()).Post("/api/v1/office/counselling-rooms", new { name = "谈心室", address = "县总工会三楼 302" })).MustBe(HttpStatusCode.Created)["id"];

    /// <summary>A worker who has agreed.</summary>
    public static async Task<Person> Client(this TestHouse house)
    {
        var worker = await house.Worker();
        await worker.Agree();
        return worker;
    }

    public static async Task Agree(this Person worker)
    {
        var text = (await worker.Get(Consent)).MustBe(HttpStatusCode.OK);
        (await worker.Put(Consent, new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
    }

    /// <summary>So many days from today at this time of day in China.</summary>
    public static DateTimeOffset In(this TestHouse house, int days, string time) => new(
        house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(days) + TimeSpan.Parse(time, null), TimeSpan.FromHours(8));

    public static Task<Answer> Hold(this Person client, string? counsellor, DateTimeOffset startsAt, string mode = "video", string? key = null) =>
        client.Post(Appointments, new { counsellorId = counsellor, mode, startsAt }, key);

    public static Task<Answer> Confirm(this Person client, string id, string alias = "小麦", string? phone = null) =>
        client.Put($"{Appointments}/{id}/confirmation", new { alias, phone });

    public static Task<Answer> Cancel(this Person client, string id, string? consequence = null, string? key = null) =>
        client.Post($"{Appointments}/{id}/cancellation", new { consequence }, key);

    /// <summary>Held and confirmed.</summary>
    public static async Task<string> Book(this Person client, string? counsellor, DateTimeOffset startsAt, string mode = "video", string alias = "小麦", string? phone = null)
    {
        var held = (await client.Hold(counsellor, startsAt, mode)).MustBe(HttpStatusCode.Created);
        (await client.Confirm(held.Appointment("id"), alias, phone)).MustBe(HttpStatusCode.OK);
        return held.Appointment("id");
    }

    public static string Appointment(this Answer answer, string name) => answer.Body.GetProperty("appointment").GetProperty(name).ToString();

    public static async Task<string[]> SlotTimes(this Person worker, string query) =>
        [.. (await worker.Get($"{Slots}?take=50&{query}")).MustBe(HttpStatusCode.OK).Items.Select(i => i.GetProperty("startsAt").GetString()![5..16])];

    /// <summary>Booked and held, on a day before: it counts, and its time is free.</summary>
    public static async Task<string> Spend(this TestHouse house, Person client, string counsellor, DateTimeOffset startsAt)
    {
        var id = await client.Book(counsellor, startsAt);
        (await client.Cancel(id, "accepted")).MustBe(HttpStatusCode.OK);
        var days = 1 + await house.Number($"SELECT COUNT(*) FROM appointments WHERE state = 'done' AND counsellor_id = '{counsellor}'");
        await house.Execute(
            $"UPDATE appointments SET state = 'done', counts = 1, starts_at = starts_at - {days * 86_400_000}, ends_at = ends_at - {days * 86_400_000}, first_cell = first_cell - {days * 144} WHERE id = '{id}'");
        return id;
    }

    /// <summary>The next round has come: what clients are to be told is told.</summary>
    public static Task TellClients(this TestHouse house)
    {
        house.Clock.Advance(DateTimeOffset.FromUnixTimeMilliseconds(ClientNotices.RoundAfter(house.Clock.GetUtcNow().ToUnixTimeMilliseconds(), null)) - house.Clock.GetUtcNow());
        return house.Services.GetRequiredService<TellClients>().RunAsync(CancellationToken.None);
    }

    /// <summary>What must hold of every database: no two live appointments share ten minutes of a counsellor or a room.</summary>
    public static Task<IReadOnlyList<string>> DoubleBooked(this TestHouse house) => DoubleBooking.InAsync(house.Database);

    /// <summary>The database lets two appointments into the same ten minutes.</summary>
    public static async Task DropKeyOfCells(this TestHouse house)
    {
        await house.Execute(house.Database.IsSqlite ? "DROP TABLE appointment_cells" : "ALTER TABLE appointment_cells DROP PRIMARY KEY");
        if (house.Database.IsSqlite)
        {
            await house.Execute("CREATE TABLE appointment_cells (resource_id CHAR(32) NOT NULL, cell BIGINT NOT NULL, appointment_id CHAR(32) NOT NULL)");
        }
    }

    /// <summary>Until disposed, whatever decides about time sees nothing taken and takes no turn.</summary>
    public static IDisposable BlindToTalks(this TestHouse house) => new Off(
        house.Guards.Off("AND (held_until IS NULL OR held_until > @now)", "AND cell_count < 0"),
        house.Guards.Off("UPDATE counsellors SET turn = turn + 1 WHERE id IN (", "SELECT id FROM counsellors WHERE id IN ("));

    /// <summary>Null when no answer came.</summary>
    public static async Task<Answer?> Try(this Person person, Func<Person, Task<Answer>> ask)
    {
        try
        {
            return await ask(person);
        }
        catch (HttpRequestException)
        {
            await Task.Delay(100);
            return null;
        }
    }

    private sealed class Off(params IDisposable[] all) : IDisposable
    {
        public void Dispose() => Array.ForEach(all, a => a.Dispose());
    }
}
