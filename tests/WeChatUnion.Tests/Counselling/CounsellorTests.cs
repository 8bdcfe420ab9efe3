using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class CounsellorOnSqlite(SqliteHouse house) : CounsellorTests(house), IClassFixture<SqliteHouse>;

public sealed class CounsellorOnMariaDb(MariaDbHouse house) : CounsellorTests(house), IClassFixture<MariaDbHouse>;

public abstract class CounsellorTests(TestHouse house)
{
    private const string Files = "/api/v1/office/counsellors";

    [Fact]
    public async Task A_file_is_reviewed_by_a_supervisor_and_again_when_its_papers_change()
    {
        await house.AddStaffAsync("lin-jing", Role.Counsellor, "county");
        var (person, supervisor) = (await house.SignInStaff("lin-jing"), await house.Supervisor());
        (await person.Get(Practice.MyFile)).MustBe(HttpStatusCode.NotFound);
        (await person.Put($"{Practice.MyFile}/week", new { version = 1, windows = Practice.Week() })).MustBe(HttpStatusCode.Conflict, "counsellor_file_missing");
        var form = Practice.Form();
        var file = (await person.Put(Practice.MyFile, new { form })).MustBe(HttpStatusCode.OK);
        Assert.Equal("awaiting_review", file["state"]);
        Assert.DoesNotContain(file["id"], (await house.Anonymous().Get("/api/v1/counsellors")).Ids);

        (await supervisor.Post($"{Files}/{file["id"]}/approval", new { version = 7 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await supervisor.Post($"{Files}/{file["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK);
        (await supervisor.Post($"{Files}/{file["id"]}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "counsellor_state_wrong");
        var seen = (await house.Anonymous().Get("/api/v1/counsellors")).MustBe(HttpStatusCode.OK);
        Assert.Contains(file["id"], seen.Ids);
        Assert.DoesNotContain("1512345678900012", seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("5080000", seen.Text, StringComparison.Ordinal);

        form["introduction"] = "换一段介绍,说明擅长的方向。";
        Assert.Equal("active", (await person.Put(Practice.MyFile, new { version = 2, form })).MustBe(HttpStatusCode.OK)["state"]);
        (await person.Put(Practice.MyFile, new { version = 2, form })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        form["certificateNumber"] = "1512345678900099";
        Assert.Equal("awaiting_review", (await person.Put(Practice.MyFile, new { version = 3, form })).MustBe(HttpStatusCode.OK)["state"]);
        Assert.DoesNotContain(file["id"], (await house.Anonymous().Get("/api/v1/counsellors")).Ids);
        (await supervisor.Post($"{Files}/{file["id"]}/suspension", new { version = 4 })).MustBe(HttpStatusCode.OK);
        Assert.Equal("suspended", (await supervisor.Get($"{Files}/{file["id"]}")).MustBe(HttpStatusCode.OK)["state"]);
        Assert.Contains(file["id"], (await supervisor.Get(Files)).Ids);
    }

    [Fact]
    public async Task A_supervisor_of_another_branch_does_not_find_her_and_nobody_reviews_herself()
    {
        var counsellor = await house.Counsellor();
        var stranger = await house.Staff(Role.CounsellingSupervisor, "zhaipo");
        (await stranger.Get($"{Files}/{counsellor.Id}")).MustBe(HttpStatusCode.NotFound);
        (await stranger.Post($"{Files}/{counsellor.Id}/suspension", new { version = 3 })).MustBe(HttpStatusCode.NotFound);
        var personId = await house.Text($"SELECT person_id FROM counsellors WHERE id = '{counsellor.Id}'");
        await house.Execute($"INSERT INTO grants (person_id, role, union_id, granted_at) VALUES ('{personId}', 'counselling_supervisor', '{await house.UnionId("county")}', 0)");
        (await counsellor.Person.Post($"{Files}/{counsellor.Id}/suspension", new { version = 3 })).MustBe(HttpStatusCode.Conflict, "own_counsellor_file");
    }

    [Fact]
    public async Task Whose_role_was_taken_back_is_shown_to_nobody_and_cannot_be_booked()
    {
        var (counsellor, colleague, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());
        var talk = await client.Book(colleague.Id, house.In(3, "10:00"));
        Assert.Contains(counsellor.Id, (await house.Anonymous().Get("/api/v1/counsellors")).Ids);
        var personId = await house.Text($"SELECT person_id FROM counsellors WHERE id = '{counsellor.Id}'");
        await house.Execute($"DELETE FROM grants WHERE person_id = '{personId}'");
        Assert.DoesNotContain(counsellor.Id, (await house.Anonymous().Get("/api/v1/counsellors")).MustBe(HttpStatusCode.OK).Ids);
        Assert.Empty(await client.SlotTimes($"counsellor={counsellor.Id}"));
        (await (await house.Client()).Hold(counsellor.Id, house.In(3, "09:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await colleague.Person.Post($"/api/v1/office/talks/{talk}/reassignment", new { counsellorId = counsellor.Id, version = 2, reason = "外出培训" }))
            .MustBe(HttpStatusCode.Conflict, "slot_gone");
    }

    [Fact]
    public async Task A_week_that_makes_no_sense_is_refused()
    {
        var counsellor = await house.Counsellor();
        async Task<Answer> Set(object window, object? second = null) =>
            await counsellor.Person.Put($"{Practice.MyFile}/week", new { version = 3, windows = second is null ? new[] { window } : [window, second] });
        object Window(string from = "09:00", string until = "12:00", string[]? modes = null, string? roomId = null, string effectiveFrom = "2026-01-01", string? effectiveUntil = null) =>
            new { weekday = 2, from, until, modes = modes ?? ["video"], roomId, effectiveFrom, effectiveUntil };
        Assert.Equal(["windows[0].until"], (await Set(Window("12:00", "09:00"))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["windows[0].roomId"], (await Set(Window(modes: ["in_person"]))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["windows[0].modes"], (await Set(Window(modes: []))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["windows[0].from"], (await Set(Window("09:05"))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["windows[0].effectiveUntil"], (await Set(Window(effectiveUntil: "2025-12-31"))).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["windows[0]"], (await counsellor.Person.Put($"{Practice.MyFile}/week", new { version = 3, windows = new object?[] { null } })).MustBe(HttpStatusCode.BadRequest).WrongFields);
        (await Set(Window(), Window("11:50", "13:00"))).MustBe(HttpStatusCode.Conflict, "windows_overlap");
        (await Set(Window(modes: ["in_person"], roomId: new string('a', 32)))).MustBe(HttpStatusCode.Conflict, "counselling_room_unknown");
        (await Set(Window(effectiveUntil: "2026-06-30"), Window(effectiveFrom: "2026-07-01"))).MustBe(HttpStatusCode.OK);
        (await Set(Window())).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Equal(2, (await counsellor.Person.Get(Practice.MyFile)).MustBe(HttpStatusCode.OK).Body.GetProperty("windows").GetArrayLength());

        var form = Practice.Form();
        form["sessionMinutes"] = 55;
        form["contractUntil"] = "2025-01-01";
        Assert.Equal(["contractUntil", "sessionMinutes"], (await counsellor.Person.Put(Practice.MyFile, new { version = 4, form })).MustBe(HttpStatusCode.BadRequest).WrongFields);
    }
}
