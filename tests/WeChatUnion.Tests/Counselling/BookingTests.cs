using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Identity.MyData;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class BookingOnSqlite(SqliteHouse house) : BookingTests(house), IClassFixture<SqliteHouse>;

public sealed class BookingOnMariaDb(MariaDbHouse house) : BookingTests(house), IClassFixture<MariaDbHouse>;

public abstract class BookingTests(TestHouse house)
{
    private static readonly string[] Hers = ["化名麦穗", "13912345678", "1 1 1 1 1 1 1", "gad7", "booked", "林静"];
    private static readonly string[] NotHers = ["咨询师写的话", "别人的化名"];
    private static readonly int[] Mild = [1, 1, 1, 1, 1, 1, 1];

    [Fact]
    public async Task A_talk_is_kept_confirmed_under_an_alias_and_seen_by_its_counsellor()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(3, "09:00");
        var held = (await client.Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Created);
        Assert.Equal("held", held.Appointment("state"));
        Assert.Equal(house.Clock.GetUtcNow().AddMinutes(10), held.Body.GetProperty("appointment").GetProperty("heldUntil").GetDateTimeOffset());
        Assert.Equal("5", held["freeTalksLeft"]);
        Assert.Equal(
            [("held", "")],
            (await counsellor.Person.Get("/api/v1/office/me/talks")).MustBe(HttpStatusCode.OK).Items.Select(i => (i.Text("state"), i.Text("alias"))));

        var booked = (await client.Confirm(held.Appointment("id"), "麦穗")).MustBe(HttpStatusCode.OK);
        Assert.Equal("booked", booked.Appointment("state"));
        Assert.Equal("麦穗", booked.Appointment("alias"));
        Assert.Equal("", booked.Appointment("contact"));
        (await client.Confirm(held.Appointment("id"), "麦穗")).MustBe(HttpStatusCode.OK);
        var seen = Assert.Single((await counsellor.Person.Get("/api/v1/office/me/talks")).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(("booked", "麦穗"), (seen.Text("state"), seen.Text("alias")));
        var mine = (await client.Get("/api/v1/me/appointments")).MustBe(HttpStatusCode.OK);
        Assert.Equal([held.Appointment("id")], mine.Ids);

        // An hour before, both see how to reach each other.
        house.Clock.Advance(at - house.Clock.GetUtcNow() - TimeSpan.FromHours(1));
        var one = (await client.Get($"{Practice.Appointments}/{held.Appointment("id")}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("https://meeting.example.cn/room-1", one.Appointment("contact"));
    }

    [Fact]
    public async Task A_talk_by_phone_needs_a_number_and_the_counsellor_sees_it_in_time()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(2, "10:00");
        var held = (await client.Hold(counsellor.Id, at, "phone")).MustBe(HttpStatusCode.Created);
        var refused = (await client.Confirm(held.Appointment("id"))).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal(["phone"], refused.WrongFields);
        (await client.Confirm(held.Appointment("id"), phone: "13912345678")).MustBe(HttpStatusCode.OK);
        Assert.Equal("", Assert.Single((await counsellor.Person.Get("/api/v1/office/me/talks")).Items).Text("phone"));
        house.Clock.Advance(at - house.Clock.GetUtcNow() - TimeSpan.FromMinutes(59));
        counsellor = await house.SignIn(counsellor);
        Assert.Equal("13912345678", Assert.Single((await counsellor.Person.Get("/api/v1/office/me/talks")).Items).Text("phone"));
    }

    [Fact]
    public async Task Without_consent_nothing_is_kept_and_every_refusal_says_whom_to_call()
    {
        var counsellor = await house.Counsellor();
        var worker = await house.Worker();
        var refused = (await worker.Hold(counsellor.Id, house.In(2, "09:00"))).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        Assert.Equal("12356", refused.Body.GetProperty("hotlines")[0].GetProperty("number").GetString());
        var text = (await worker.Get(Practice.Consent)).MustBe(HttpStatusCode.OK);
        (await worker.Put(Practice.Consent, new { version = text.Version, textHash = new string('0', 64) }))
            .MustBe(HttpStatusCode.Conflict, "counselling_consent_text_changed");
        (await worker.Put(Practice.Consent, new { version = text.Version, textHash = "short" })).MustBe(HttpStatusCode.BadRequest);
        var malformed = (await worker.Post(Practice.Appointments, new { mode = "telepathy" })).MustBe(HttpStatusCode.BadRequest);
        Assert.Equal("12356", malformed.Body.GetProperty("hotlines")[0].GetProperty("number").GetString());
        var unknown = (await house.Anonymous().Get("/api/v1/me/appointments")).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal("12356", unknown.Body.GetProperty("hotlines")[0].GetProperty("number").GetString());
        (await worker.Get("/api/v1/me/appointments")).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task A_time_at_the_end_of_the_calendar_is_no_slot(string typed)
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var startsAt = DateTimeOffset.Parse(typed, null);
        (await client.Hold(counsellor.Id, startsAt)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await client.Hold(null, startsAt)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        var id = await client.Book(counsellor.Id, house.In(5, "11:00"));
        (await client.PutWithKey($"{Practice.Appointments}/{id}/time", new { startsAt })).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/reassignment", new { version = 2, reason = "外出培训", startsAt })).MustBe(HttpStatusCode.Conflict, "slot_gone");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_erased_leaves_neither_number_nor_name_with_her_talks_also_where_the_module_was_closed(bool isOn)
    {
        var counsellor = await house.Counsellor();
        var session = (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created);
        var client = new Person(house.NewHttp(), session["token"]);
        await client.Agree();
        var id = await client.Book(counsellor.Id, house.In(3, "09:00"), "phone", phone: "13912345678");
        (await client.Post("/api/v1/me/deletion", new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet");
        (await client.Cancel(id)).MustBe(HttpStatusCode.OK);
        (await client.Post("/api/v1/me/deletion", new { })).MustBe(HttpStatusCode.Created);
        var clients = await house.Number("SELECT COUNT(*) FROM counselling_clients");
        house.Clock.Advance(TimeSpan.FromDays(7));
        var services = isOn ? house.Services : house.AnotherNode(new Dictionary<string, string> { ["Counselling:IsOn"] = "false" }).Services;
        await services.GetRequiredService<ErasePersons>().RunAsync(CancellationToken.None);
        (await client.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal(clients - 1, await house.Number("SELECT COUNT(*) FROM counselling_clients"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM appointments WHERE id = '{id}' AND client_locked IS NULL AND words_locked IS NULL"));
    }

    [Fact]
    public async Task Consent_taken_back_acts_at_once_and_given_again_opens_the_way()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var past = await client.Book(counsellor.Id, house.In(1, "09:00"));
        house.Clock.Advance(house.In(1, "10:00") - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{past}/note", new { version = 0, text = "说到夜班" })).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Put($"/api/v1/office/talks/{past}/completion", new { version = 2 })).MustBe(HttpStatusCode.OK);
        var coming = await client.Book(counsellor.Id, house.In(1, "09:00"));
        Assert.Equal("1", (await client.Delete(Practice.Consent)).MustBe(HttpStatusCode.OK)["cancelledTalks"]);
        Assert.Equal("0", (await client.Delete(Practice.Consent)).MustBe(HttpStatusCode.OK)["cancelledTalks"]);
        Assert.Equal("cancelled", (await client.Get($"{Practice.Appointments}/{coming}")).Appointment("state"));
        (await client.Hold(counsellor.Id, house.In(1, "10:00"))).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        (await client.Post("/api/v1/me/scale-results", new { scale = "gad7", answers = Mild })).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        (await counsellor.Person.Get($"/api/v1/office/talks/{past}/note")).MustBe(HttpStatusCode.Conflict, "counselling_consent_withdrawn");
        (await counsellor.Person.Get($"/api/v1/office/talks/{past}/history")).MustBe(HttpStatusCode.Conflict, "counselling_consent_withdrawn");
        (await counsellor.Person.Put($"/api/v1/office/talks/{past}/note", new { version = 1, text = "再写" })).MustBe(HttpStatusCode.Conflict, "counselling_consent_withdrawn");
        Assert.Equal("5", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);
        await client.Agree();
        Assert.Equal("说到夜班", (await counsellor.Person.Get($"/api/v1/office/talks/{past}/note")).MustBe(HttpStatusCode.OK)["text"]);
        (await client.Hold(counsellor.Id, house.In(1, "10:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Her_export_holds_talks_answers_and_readings_but_no_note()
    {
        var (counsellor, client, other) = (await house.Counsellor(), await house.Client(), await house.Client());
        var id = await client.Book(counsellor.Id, house.In(1, "11:00"), "phone", "化名麦穗", "13912345678");
        await other.Book(counsellor.Id, house.In(2, "11:00"), alias: "别人的化名");
        (await client.Post("/api/v1/me/scale-results", new { scale = "gad7", answers = Mild })).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(house.In(1, "11:00") - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{id}/note", new { version = 0, text = "咨询师写的话" })).MustBe(HttpStatusCode.OK);
        (await counsellor.Person.Get($"/api/v1/office/talks/{id}/note")).MustBe(HttpStatusCode.OK);
        var export = (await client.Get("/api/v1/me/export")).MustBe(HttpStatusCode.OK).Text;
        Assert.All(Hers, w => Assert.Contains(w, export, StringComparison.Ordinal));
        Assert.All(NotHers, w => Assert.DoesNotContain(w, export, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_answers_the_same_hold_and_keeps_nothing_else()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var key = Guid.NewGuid().ToString("N");
        var first = (await client.Hold(counsellor.Id, house.In(4, "09:00"), key: key)).MustBe(HttpStatusCode.Created);
        var again = (await client.Hold(counsellor.Id, house.In(4, "09:00"), key: key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(first.Appointment("id"), again.Appointment("id"));
        (await client.Hold(counsellor.Id, house.In(4, "10:00"), key: key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task The_same_key_answers_the_same_record_after_it_was_forgotten_as_well()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var key = Guid.NewGuid().ToString("N");
        var held = (await client.Hold(counsellor.Id, house.In(4, "11:00"), key: key)).MustBe(HttpStatusCode.Created);
        var scale = (await client.Post("/api/v1/me/scale-results", new { scale = "gad7", answers = Mild }, key)).MustBe(HttpStatusCode.Created);
        await house.Execute("DELETE FROM idempotency_keys");
        Assert.Equal(held.Appointment("id"), (await client.Hold(counsellor.Id, house.In(4, "11:00"), key: key)).MustBe(HttpStatusCode.Created).Appointment("id"));
        Assert.Equal(scale["id"], (await client.Post("/api/v1/me/scale-results", new { scale = "gad7", answers = Mild }, key)).MustBe(HttpStatusCode.Created)["id"]);
        Assert.Single((await client.Get("/api/v1/me/scale-results")).Items);
    }

    [Fact]
    public async Task Whoever_did_not_cancel_reads_why_it_was_cancelled()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var id = await client.Book(counsellor.Id, house.In(3, "10:00"));
        Assert.Equal("", (await client.Get($"{Practice.Appointments}/{id}")).Appointment("cancelReason"));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 2, reason = "临时有事" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("临时有事", (await client.Get($"{Practice.Appointments}/{id}")).MustBe(HttpStatusCode.OK).Appointment("cancelReason"));

        id = await client.Book(counsellor.Id, house.In(3, "11:00"));
        (await client.Post($"{Practice.Appointments}/{id}/cancellation", new { reason = "要上夜班" })).MustBe(HttpStatusCode.OK);
        Assert.Equal(
            ["临时有事", "要上夜班"],
            (await counsellor.Person.Get("/api/v1/office/me/talks")).MustBe(HttpStatusCode.OK).Items.Select(i => i.Text("cancelReason")));
        id = await client.Book(counsellor.Id, house.In(3, "11:00"));
        Assert.Equal("", (await client.Get($"{Practice.Appointments}/{id}")).Appointment("cancelReason"));
    }

    [Fact]
    public async Task Somebody_elses_appointment_is_not_there()
    {
        var (counsellor, client, stranger) = (await house.Counsellor(), await house.Client(), await house.Client());
        var id = await client.Book(counsellor.Id, house.In(5, "09:00"));
        (await stranger.Get($"{Practice.Appointments}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Confirm(id)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Cancel(id)).MustBe(HttpStatusCode.NotFound, "not_found");
        var other = await house.Counsellor();
        (await other.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 2, reason = "临时有事" })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await other.Person.Get("/api/v1/office/me/talks")).Items);
    }

    [Fact]
    public async Task One_person_has_one_open_appointment_and_a_hold_gives_way_to_the_next()
    {
        var (counsellor, client, other) = (await house.Counsellor(), await house.Client(), await house.Client());
        var first = (await client.Hold(counsellor.Id, house.In(6, "09:00"))).MustBe(HttpStatusCode.Created);
        (await other.Hold(counsellor.Id, house.In(6, "09:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        var second = (await client.Hold(counsellor.Id, house.In(6, "10:00"))).MustBe(HttpStatusCode.Created);
        (await client.Confirm(first.Appointment("id"))).MustBe(HttpStatusCode.Conflict, "hold_over");
        (await other.Hold(counsellor.Id, house.In(6, "09:00"))).MustBe(HttpStatusCode.Created);
        (await client.Confirm(second.Appointment("id"))).MustBe(HttpStatusCode.OK);
        var refused = (await client.Hold(counsellor.Id, house.In(7, "10:00"))).MustBe(HttpStatusCode.Conflict, "appointment_open");
        Assert.Equal(second.Appointment("id"), refused.Present.Text("appointmentId"));
    }

    [Fact]
    public async Task A_hold_ends_at_its_minute_whether_or_not_the_task_has_run()
    {
        var (counsellor, client, other) = (await house.Counsellor(), await house.Client(), await house.Client());
        var held = (await client.Hold(counsellor.Id, house.In(6, "11:00"))).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        (await other.Hold(counsellor.Id, house.In(6, "11:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await client.Confirm(held.Appointment("id"))).MustBe(HttpStatusCode.Conflict, "hold_over");
        var next = (await other.Hold(counsellor.Id, house.In(6, "11:00"))).MustBe(HttpStatusCode.Created);

        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.Services.GetRequiredService<Lapses>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM appointment_cells WHERE appointment_id = '{next.Appointment("id")}'"));
        Assert.Equal("lapsed", await house.Text($"SELECT state FROM appointments WHERE id = '{next.Appointment("id")}'"));
        Assert.Empty((await other.Get("/api/v1/me/appointments")).Items);
    }

    [Fact]
    public async Task Cancelling_in_time_gives_the_talk_back_and_late_it_counts_once_that_is_accepted()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(8, "09:00");
        var id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(at.AddHours(-24) - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        var key = Guid.NewGuid().ToString("N");
        Assert.Equal("cancelled", (await client.Cancel(id, key: key)).MustBe(HttpStatusCode.OK).Appointment("state"));
        (await client.Cancel(id, key: key)).MustBe(HttpStatusCode.OK);
        (await client.Cancel(id)).MustBe(HttpStatusCode.Conflict, "appointment_closed");
        Assert.Equal("6", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);

        id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await client.Cancel(id)).MustBe(HttpStatusCode.Conflict, "late_to_cancel");
        (await client.Cancel(id, "accepted")).MustBe(HttpStatusCode.OK);
        Assert.Equal("5", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);

        id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(at - house.Clock.GetUtcNow());
        (await client.Cancel(id, "accepted")).MustBe(HttpStatusCode.Conflict, "talk_begun");
        Assert.Equal(3, await house.Number($"SELECT COUNT(*) FROM appointment_steps s JOIN appointments a ON a.id = s.appointment_id WHERE a.counsellor_id = '{counsellor.Id}' AND s.kind = 'booking'"));
    }

    [Fact]
    public async Task When_the_counsellor_cancels_it_does_not_count_and_the_message_says_nothing_of_what_it_was()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var id = await client.Book(counsellor.Id, house.In(3, "11:00"));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 1, reason = "临时有事" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 2, reason = "临时有事" })).MustBe(HttpStatusCode.NoContent);
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 3, reason = "临时有事" })).MustBe(HttpStatusCode.Conflict, "appointment_closed");
        Assert.Equal("6", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);
        Assert.Empty((await client.Get("/api/v1/me/messages")).Items);
        await house.TellClients();
        await house.TellClients();
        var message = Assert.Single((await client.Get("/api/v1/me/messages")).Items);
        Assert.DoesNotMatch("咨询|心理|林静|临时", message.ToString());
        Assert.NotEqual(id, message.Text("recordId"));
    }

    [Fact]
    public async Task Two_changes_of_a_talk_are_told_in_their_order_and_what_holds_no_more_is_not_told()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        house.Clock.Advance(house.In(1, "08:05") - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        var id = await client.Book(counsellor.Id, house.In(1, "09:00"));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/reassignment", new { version = 2, reason = "上午有会", startsAt = house.In(1, "10:00") })).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 3, reason = "整天有会" })).MustBe(HttpStatusCode.NoContent);
        await house.TellClients();
        Assert.Contains("已取消", Assert.Single((await client.Get("/api/v1/me/messages")).Items).Text("text"), StringComparison.Ordinal);

        // Minutes before the talk nobody waits for a round.
        id = await client.Book(counsellor.Id, house.In(1, "11:00"));
        house.Clock.Advance(house.In(1, "10:55") - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/cancellation", new { version = 2, reason = "突然不适" })).MustBe(HttpStatusCode.NoContent);
        await house.Services.GetRequiredService<TellClients>().RunAsync(CancellationToken.None);
        Assert.Equal(2, (await client.Get("/api/v1/me/messages")).Items.Length);
    }

    [Theory]
    [InlineData("10:20", "15:00", "11:00")]
    [InlineData("10:20", "12:00", "10:30")]
    [InlineData("11:55", "12:00", "11:55")]
    [InlineData("21:05", "08:30", "21:10")]
    [InlineData("21:25", "08:30", "21:25")]
    [InlineData("21:25", "18:00", "22:00")]
    public void A_round_comes_in_time_for_the_talk(string now, string talk, string round)
    {
        var at = house.In(2, now);
        var starts = house.In(2, talk);
        starts = starts < at ? starts.AddDays(1) : starts;
        var told = DateTimeOffset.FromUnixTimeMilliseconds(ClientNotices.RoundAfter(at.ToUnixTimeMilliseconds(), starts.ToUnixTimeMilliseconds()));
        Assert.Equal(round, $"{told.ToOffset(TimeSpan.FromHours(8)):HH:mm}");
    }

    [Fact]
    public async Task The_free_talks_of_a_year_end_with_the_sixth()
    {
        var (counsellor, client) = (await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00")), await house.Client());
        for (var i = 0; i < 6; i++)
        {
            await house.Spend(client, counsellor.Id, house.In(1, "09:00"));
        }

        (await client.Hold(counsellor.Id, house.In(1, "09:00"))).MustBe(HttpStatusCode.Conflict, "free_talks_used");
        (await (await house.Client()).Hold(counsellor.Id, house.In(1, "09:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Any_counsellor_is_who_has_fewest_then_who_was_idle_longest()
    {
        const string Night = "03:30";
        var week = Practice.Week(from: Night, until: "04:20");
        var some = new[] { await house.Counsellor(week: week), await house.Counsellor(week: week), await house.Counsellor(week: week) };
        var given = new List<string>();
        for (var day = 10; day < 16; day++)
        {
            given.Add((await (await house.Client()).Hold(null, house.In(day, Night))).MustBe(HttpStatusCode.Created).Appointment("counsellorId"));
        }

        Assert.Equal(some.Select(c => c.Id).Order(StringComparer.Ordinal), given.Take(3).Order(StringComparer.Ordinal));
        Assert.All(given.CountBy(g => g), g => Assert.Equal(2, g.Value));
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => house.Client()));
        var answers = await Task.WhenAll(clients.Select(c => c.Hold(null, house.In(17, Night))));
        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "slot_gone"));
    }
}
