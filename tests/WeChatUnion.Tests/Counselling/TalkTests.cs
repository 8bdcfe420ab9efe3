using System.Net;
using System.Text.Json;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class TalkOnSqlite(SqliteHouse house) : TalkTests(house), IClassFixture<SqliteHouse>;

public sealed class TalkOnMariaDb(MariaDbHouse house) : TalkTests(house), IClassFixture<MariaDbHouse>;

/// <summary>What happens to a booked talk: moved, given to a colleague, held, missed, written down.</summary>
public abstract class TalkTests(TestHouse house)
{
    private const string Talks = "/api/v1/office/talks";
    private const string Intake = "/api/v1/me/intake-form";

    private static readonly string[] Topics = ["sleep", "work_stress"];

    [Fact]
    public async Task A_talk_moves_in_one_step_until_the_last_millisecond_for_it()
    {
        var (counsellor, client, other) = (await house.Counsellor(), await house.Client(), await house.Client());
        var at = house.In(4, "09:00");
        var id = await client.Book(counsellor.Id, at);
        await other.Book(counsellor.Id, house.In(5, "10:00"));
        (await Move(client, id, house.In(5, "10:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        Assert.Equal($"{at:MM-ddTHH:mm}", (await client.Get($"{Practice.Appointments}/{id}")).Appointment("startsAt")[5..16]);
        var key = Guid.NewGuid().ToString("N");
        var moved = (await Move(client, id, house.In(5, "11:00"), key)).MustBe(HttpStatusCode.OK);
        Assert.Equal(house.In(5, "11:00"), DateTimeOffset.Parse(moved.Appointment("startsAt"), null));
        (await Move(client, id, house.In(5, "11:00"), key)).MustBe(HttpStatusCode.OK);
        (await (await house.Client()).Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Created);

        house.Clock.Advance(house.In(4, "11:00") - house.Clock.GetUtcNow());
        (await Move(client, id, house.In(3, "09:00"))).MustBe(HttpStatusCode.Conflict, "late_to_change");
        (await Move(other, id, house.In(3, "09:00"))).MustBe(HttpStatusCode.NotFound);
        Assert.Empty(await house.DoubleBooked());
    }

    [Fact]
    public async Task A_counsellor_gives_a_talk_to_a_colleague_and_not_coming_then_is_no_fault()
    {
        var (one, other, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());
        var at = house.In(3, "09:00");
        var id = await client.Book(one.Id, at);
        await (await house.Client()).Book(other.Id, house.In(3, "10:00"));
        (await Reassign(one, id, other.Id, 2, house.In(3, "10:00"))).MustBe(HttpStatusCode.Conflict, "slot_gone");
        (await Reassign(other, id, one.Id, 2)).MustBe(HttpStatusCode.NotFound);
        (await Reassign(one, id, other.Id, 1)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await Reassign(one, id, other.Id, 2)).MustBe(HttpStatusCode.NoContent);
        Assert.Empty((await one.Person.Get("/api/v1/office/me/talks")).Items);
        Assert.Equal(other.Id, (await client.Get($"{Practice.Appointments}/{id}")).Appointment("counsellorId"));
        await house.TellClients();
        Assert.DoesNotMatch("咨询|心理", Assert.Single((await client.Get("/api/v1/me/messages")).Items).ToString());

        house.Clock.Advance(at.AddMinutes(30) - house.Clock.GetUtcNow());
        other = await house.SignIn(other);
        (await Mark(other, id, "no-show", 3)).MustBe(HttpStatusCode.Conflict, "colleague_stood_in");
        (await other.Person.Post($"{Talks}/{id}/cancellation", new { version = 3, reason = "本人未到,同事接待" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("6", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);
    }

    [Fact]
    public async Task Not_coming_is_said_half_an_hour_after_the_beginning_at_the_earliest_and_counts()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(3, "10:00");
        var id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(at.AddMinutes(30) - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await Mark(counsellor, id, "no-show", 2)).MustBe(HttpStatusCode.Conflict, "talk_not_now");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Mark(counsellor, id, "no-show", 1)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await Mark(counsellor, id, "no-show", 2)).MustBe(HttpStatusCode.OK);
        (await Mark(counsellor, id, "no-show", 2)).MustBe(HttpStatusCode.OK);
        (await Mark(counsellor, id, "completion", 3)).MustBe(HttpStatusCode.Conflict, "appointment_closed");
        Assert.Equal("5", (await client.Get("/api/v1/me/appointments"))["freeTalksLeft"]);
        var point = Assert.Single((await client.Get("/api/v1/me/conduct-points")).Items);
        Assert.Equal(("no_show", "预约的服务"), (point.Text("kind"), point.Text("sourceTitle")));
        Assert.NotEqual(id, point.Text("sourceId"));
        Assert.EndsWith("T00:00:00+08:00", point.Text("at"), StringComparison.Ordinal);
        (await client.Hold(counsellor.Id, house.In(2, "10:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Arrival_and_completion_come_in_their_time_and_free_the_way_for_the_next_talk()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(3, "11:00");
        var id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(at.AddMinutes(-30) - TimeSpan.FromMilliseconds(1) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await Mark(counsellor, id, "arrival", 2)).MustBe(HttpStatusCode.Conflict, "talk_not_now");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Mark(counsellor, id, "arrival", 2)).MustBe(HttpStatusCode.OK);
        (await client.Cancel(id)).MustBe(HttpStatusCode.Conflict, "talk_begun");
        (await Mark(counsellor, id, "completion", 3)).MustBe(HttpStatusCode.Conflict, "talk_not_now");
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        counsellor = await house.SignIn(counsellor);
        (await Mark(counsellor, id, "no-show", 3)).MustBe(HttpStatusCode.Conflict, "appointment_closed");
        Assert.Equal("done", (await Mark(counsellor, id, "completion", 3)).MustBe(HttpStatusCode.OK)["state"]);
        (await client.Hold(counsellor.Id, house.In(1, "11:00"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Who_came_early_begins_early_when_those_minutes_are_free()
    {
        var (counsellor, client, other) = (await house.Counsellor(), await house.Client(), await house.Client());
        var at = house.In(3, "11:00");
        var id = await client.Book(counsellor.Id, at);
        var before = await other.Book(counsellor.Id, house.In(3, "09:00"));
        house.Clock.Advance(at.AddHours(-2).AddMilliseconds(-1) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await Mark(counsellor, id, "beginning", 2)).MustBe(HttpStatusCode.Conflict, "talk_not_now");
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Mark(counsellor, id, "beginning", 2)).MustBe(HttpStatusCode.Conflict, "slot_gone");
        Assert.Equal(6, await house.Number($"SELECT COUNT(*) FROM appointment_cells WHERE appointment_id = '{before}'"));
        house.Clock.Advance(TimeSpan.FromMinutes(63));
        counsellor = await house.SignIn(counsellor);
        (await Mark(counsellor, id, "beginning", 1)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        var begun = (await Mark(counsellor, id, "beginning", 2)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("arrived", at.AddHours(-1)), (begun["state"], DateTimeOffset.Parse(begun["startsAt"], null)));
        Assert.Equal("3", (await Mark(counsellor, id, "beginning", 2)).MustBe(HttpStatusCode.OK)["version"]);
        Assert.Empty(await house.DoubleBooked());
        (await other.Hold(counsellor.Id, at)).MustBe(HttpStatusCode.Conflict);
        Assert.Equal("done", (await Mark(counsellor, id, "completion", 3)).MustBe(HttpStatusCode.OK)["state"]);
        (await Mark(counsellor, id, "beginning", 4)).MustBe(HttpStatusCode.Conflict, "appointment_closed");
    }

    [Fact]
    public async Task A_note_is_opened_by_its_counsellor_alone_and_the_client_reads_on_which_days()
    {
        var (counsellor, other, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());
        var at = house.In(2, "09:00");
        var id = await client.Book(counsellor.Id, at);
        (await Write(counsellor, id, 0, "来得早")).MustBe(HttpStatusCode.Conflict, "note_too_early");
        house.Clock.Advance(at - house.Clock.GetUtcNow());
        (counsellor, other) = (await house.SignIn(counsellor), await house.SignIn(other));
        Assert.Equal("0", (await counsellor.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.OK)["version"]);
        (await Write(counsellor, id, 0, "说到夜班")).MustBe(HttpStatusCode.OK);
        Assert.Equal("1", (await Write(counsellor, id, 0, "又一次开头")).MustBe(HttpStatusCode.Conflict, "changed_meanwhile").Present.Text("version"));
        Assert.Equal("2", (await Write(counsellor, id, 1, "说到夜班和孩子")).MustBe(HttpStatusCode.OK)["version"]);
        Assert.Equal("2", (await Write(counsellor, id, 1, "旧页面")).MustBe(HttpStatusCode.Conflict, "changed_meanwhile").Present.Text("version"));
        Assert.Equal("说到夜班和孩子", (await counsellor.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.OK)["text"]);
        (await other.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.NotFound);
        (await Write(other, id, 2, "不是我的")).MustBe(HttpStatusCode.NotFound);
        Assert.Equal("说到夜班和孩子", Assert.Single((await counsellor.Person.Get($"{Talks}/{id}/history")).MustBe(HttpStatusCode.OK).Items).Text("text"));
        var reading = Assert.Single((await client.Get("/api/v1/me/counselling-readings")).MustBe(HttpStatusCode.OK).Items);
        Assert.Equal(("林静", $"{at:yyyy-MM-dd}"), (reading.Text("reader"), reading.Text("readOn")));
    }

    [Fact]
    public async Task A_counsellor_gives_a_talk_away_at_the_last_moment_and_her_colleague_writes_a_note_of_her_own()
    {
        var (one, other, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());
        var at = house.In(2, "09:00");
        var id = await client.Book(one.Id, at);
        house.Clock.Advance(at - house.Clock.GetUtcNow());
        (one, other) = (await house.SignIn(one), await house.SignIn(other));
        (await Write(one, id, 0, "来访者迟到,改由同事接待")).MustBe(HttpStatusCode.OK);
        (await Reassign(one, id, other.Id, 2, at)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("0", (await other.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.OK)["version"]);
        (await Write(other, id, 0, "同事的记录")).MustBe(HttpStatusCode.OK);
        Assert.Equal("同事的记录", (await other.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.OK)["text"]);
        (await one.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task After_an_administrator_reset_her_password_nothing_is_read_until_the_supervisor_vouches()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(2, "10:00");
        var id = await client.Book(counsellor.Id, at);
        house.Clock.Advance(at - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await Write(counsellor, id, 0, "保密的话")).MustBe(HttpStatusCode.OK);

        var personId = await house.Text($"SELECT person_id FROM counsellors WHERE id = '{counsellor.Id}'");
        var security = await house.Staff(Role.SecurityAdministrator, "county");
        var link = (await security.PostWithoutKey($"/api/v1/office/staff-accounts/{personId}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var intruder = await Invited.AcceptAsync(house, link["token"], null, "an intruder's long pass phrase");
        var session = (await house.Anonymous().PostWithoutKey(
            "/api/v1/office/sessions", new { name = intruder.Name, password = "an intruder's long pass phrase", totpCode = intruder.Secret is null ? null : intruder.NextCode() })).MustBe(HttpStatusCode.Created);
        counsellor = counsellor with { Person = new Person(house.NewHttp(), session["token"]) };
        (await counsellor.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.Conflict, "reading_locked");

        // Links go with their time; that there was one stays known.
        await house.Execute($"DELETE FROM staff_links WHERE person_id = '{personId}'");
        (await counsellor.Person.Get($"{Talks}/{id}/history")).MustBe(HttpStatusCode.Conflict, "reading_locked");
        (await Write(counsellor, id, 1, "改写")).MustBe(HttpStatusCode.Conflict, "reading_locked");
        var week = (await counsellor.Person.Get("/api/v1/office/me/talks")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("True", JsonValueKind.Null), (week["isReadingLocked"], week.Items[0].GetProperty("alias").ValueKind));

        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await (await house.Supervisor()).Post($"/api/v1/office/counsellors/{counsellor.Id}/reading-confirmation", new { })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("保密的话", (await counsellor.Person.Get($"{Talks}/{id}/note")).MustBe(HttpStatusCode.OK)["text"]);
        Assert.Equal("小麦", (await counsellor.Person.Get("/api/v1/office/me/talks")).MustBe(HttpStatusCode.OK).Items[0].Text("alias"));
    }

    [Fact]
    public async Task What_she_filled_in_is_read_by_her_counsellor_but_for_whom_to_tell_in_danger()
    {
        var (counsellor, other, client) = (await house.Counsellor(), await house.Counsellor(), await house.Client());
        var id = await client.Book(counsellor.Id, house.In(3, "09:00"));
        var form = new { age = "from35_to44", topics = Topics, duration = "longer", thoughts = "past", contact = new { name = "李焱", relation = "姐姐", phone = "13900077002" } };
        Assert.Equal(JsonValueKind.Null, (await client.Get(Intake)).MustBe(HttpStatusCode.OK).Body.GetProperty("form").ValueKind);
        (await (await house.Worker()).Put(Intake, new { form })).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        Assert.Equal(["form.contact.phone"], (await client.Put(Intake, new { form = new { contact = new { name = "李焱", relation = "姐姐", phone = "姐姐的" } } })).MustBe(HttpStatusCode.BadRequest).WrongFields);
        var kept = (await client.Put(Intake, new { form })).MustBe(HttpStatusCode.OK);
        Assert.Equal("李焱", kept.Body.GetProperty("form").GetProperty("contact").Text("name"));
        Assert.Equal(JsonValueKind.Null, kept.Body.GetProperty("ticket").ValueKind);
        var read = (await counsellor.Person.Get($"{Talks}/{id}/intake-form")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("past", JsonValueKind.Null), (read.Body.GetProperty("form").Text("thoughts"), read.Body.GetProperty("form").GetProperty("contact").ValueKind));
        (await other.Person.Get($"{Talks}/{id}/intake-form")).MustBe(HttpStatusCode.NotFound);
        Assert.Single((await client.Get("/api/v1/me/counselling-readings")).Items);

        // Thoughts of harm now: somebody is called, and only crisis duty learns whom to tell.
        var danger = (await client.Put(Intake, new { form = new { form.age, form.topics, form.duration, thoughts = "now", form.contact } })).MustBe(HttpStatusCode.OK);
        Assert.Equal("yellow", danger.Body.GetProperty("ticket").Text("level"));
        var duty = await house.Staff(Role.CrisisDuty, "county");
        var identity = (await duty.Post($"/api/v1/office/crisis-tickets/{danger.Body.GetProperty("ticket").Text("id")}/identity-readings", new { reason = "电话无人接听,需要上门" })).MustBe(HttpStatusCode.OK);
        Assert.Equal("13900077002", identity.Body.GetProperty("contact").Text("phone"));

        // Half a year later she says so again: somebody is called again.
        var ticketId = danger.Body.GetProperty("ticket").Text("id");
        await house.Execute($"UPDATE crisis_tickets SET state = 'closed', open_client = NULL WHERE id = '{ticketId}'");
        var again = (await client.Put(Intake, new { form = new { form.age, form.topics, form.duration, thoughts = "now", form.contact } })).MustBe(HttpStatusCode.OK);
        Assert.NotEqual(ticketId, again.Body.GetProperty("ticket").Text("id"));
        Assert.Contains("李焱", (await client.Get("/api/v1/me/export")).MustBe(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_go_to_a_colleague_by_who_wrote_them_or_by_the_supervisor_once_she_has_left_and_the_client_reads_it()
    {
        var (one, other, third, client) = (await house.Counsellor(), await house.Counsellor(Practice.Form("周远")), await house.Counsellor(Practice.Form("苏禾")), await house.Client());
        var at = house.In(2, "09:00");
        var first = await client.Book(one.Id, at);
        house.Clock.Advance(at.AddHours(1) - house.Clock.GetUtcNow());
        (one, other, third) = (await house.SignIn(one), await house.SignIn(other), await house.SignIn(third));
        (await Write(one, first, 0, "说到夜班")).MustBe(HttpStatusCode.OK);
        (await Mark(one, first, "completion", 2)).MustBe(HttpStatusCode.OK);
        var second = await client.Book(other.Id, house.In(2, "09:00"));
        Assert.Equal(["counsellorId"], (await HandOver(one, one.Id)).MustBe(HttpStatusCode.BadRequest).WrongFields);
        (await other.Person.Post($"{Talks}/{first}/note-hand-overs", new { counsellorId = third.Id, reason = "换咨询师" })).MustBe(HttpStatusCode.NotFound);
        Assert.DoesNotContain("夜班", (await other.Person.Get($"{Talks}/{second}/history")).MustBe(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        (await HandOver(one, other.Id)).MustBe(HttpStatusCode.NoContent);
        Assert.Contains("(由林静移交)\\n说到夜班", (await other.Person.Get($"{Talks}/{second}/history")).MustBe(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Contains("林静移交给周远", (await client.Get("/api/v1/me/counselling-readings")).Text, StringComparison.Ordinal);

        // The supervisor reads nothing and hands over what one who left wrote.
        var supervisor = await house.Supervisor();
        var all = $"/api/v1/office/counsellors/{one.Id}/note-hand-overs";
        (await supervisor.Post(all, new { counsellorId = third.Id, reason = "合同到期" })).MustBe(HttpStatusCode.Conflict, "counsellor_state_wrong");
        var version = (await supervisor.Get($"/api/v1/office/counsellors/{one.Id}")).Version;
        (await supervisor.Post($"/api/v1/office/counsellors/{one.Id}/suspension", new { version })).MustBe(HttpStatusCode.OK);
        (await supervisor.Post(all, new { counsellorId = third.Id, reason = "合同到期" })).MustBe(HttpStatusCode.NoContent);
        Assert.Contains("林静移交给苏禾", (await client.Get("/api/v1/me/counselling-readings")).Text, StringComparison.Ordinal);
        var receiver = await house.Text($"SELECT person_id FROM counsellors WHERE id = '{third.Id}'");
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'receive_notes' AND subject_id = '{receiver}'"));

        // Who took her consent back: what was written of her goes to nobody.
        (await client.Delete(Practice.Consent)).MustBe(HttpStatusCode.OK);
        (await other.Person.Post($"{Talks}/{second}/note-hand-overs", new { counsellorId = third.Id, reason = "换咨询师" })).MustBe(HttpStatusCode.Conflict, "counselling_consent_withdrawn");

        Task<Answer> HandOver(Counsellor by, string to) => by.Person.Post($"{Talks}/{first}/note-hand-overs", new { counsellorId = to, reason = "换咨询师" });
    }

    [Fact]
    public async Task A_counsellor_advises_a_hospital_and_closes_the_case_and_a_later_talk_opens_it_again()
    {
        var (counsellor, client) = (await house.Counsellor(), await house.Client());
        var at = house.In(2, "09:00");
        var id = await client.Book(counsellor.Id, at);
        var advice = new { hospital = "新乡医学院第二附属医院", advice = "建议到医院做进一步评估,可带上量表结果。" };
        (await counsellor.Person.Post($"{Talks}/{id}/referrals", advice)).MustBe(HttpStatusCode.Conflict, "note_too_early");
        (await Close()).MustBe(HttpStatusCode.Conflict, "note_too_early");
        house.Clock.Advance(at.AddMinutes(50) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        (await Close()).MustBe(HttpStatusCode.Conflict, "case_has_talk");
        (await Mark(counsellor, id, "completion", 2)).MustBe(HttpStatusCode.OK);
        Assert.Equal(["advice"], (await counsellor.Person.Post($"{Talks}/{id}/referrals", new { advice.hospital, advice = "诊断为抑郁" })).MustBe(HttpStatusCode.BadRequest).WrongFields);
        (await counsellor.Person.Post($"{Talks}/{id}/referrals", advice)).MustBe(HttpStatusCode.NoContent);
        (await (await house.Counsellor()).Person.Post($"{Talks}/{id}/referrals", advice)).MustBe(HttpStatusCode.NotFound);
        Assert.Equal(advice.hospital, Assert.Single((await client.Get("/api/v1/me/counselling-referrals")).MustBe(HttpStatusCode.OK).Items).Text("hospital"));
        Assert.Contains(advice.hospital, (await client.Get("/api/v1/me/export")).MustBe(HttpStatusCode.OK).Text, StringComparison.Ordinal);

        // What she is told says nothing of it.
        await house.TellClients();
        Assert.DoesNotMatch("咨询|心理|医院|就医", Assert.Single((await client.Get("/api/v1/me/messages")).Items).ToString());

        (await Close()).MustBe(HttpStatusCode.NoContent);
        (await Close()).MustBe(HttpStatusCode.NoContent);
        var history = (await counsellor.Person.Get($"{Talks}/{id}/history")).MustBe(HttpStatusCode.OK);
        Assert.Equal($"{at:yyyy-MM-dd}", history["closedOn"]);
        Assert.Single(history.Body.GetProperty("referrals").EnumerateArray());
        await client.Book(counsellor.Id, house.In(2, "09:00"));
        Assert.Equal(JsonValueKind.Null, (await counsellor.Person.Get($"{Talks}/{id}/history")).Body.GetProperty("closedOn").ValueKind);

        Task<Answer> Close() => counsellor.Person.Put($"{Talks}/{id}/case-closure", new { reason = "referred" });
    }

    [Fact]
    public async Task A_text_for_supervision_shows_what_may_identify_and_goes_without_what_the_counsellor_was_not_told()
    {
        var (counsellor, session) = (await house.Counsellor(), (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created));
        var personId = session["personId"];
        await house.MakeMember(personId, "jinsui", "2", "1990-05-01");
        var member = new Person(house.NewHttp(), session["token"]);
        await member.Agree();
        await house.Execute($"UPDATE member_records SET name = '秦岚' WHERE person_id = '{personId}'");
        var at = house.In(2, "09:00");
        var id = await member.Book(counsellor.Id, at, "phone", "小麦", "13900077009");
        house.Clock.Advance(at.AddMinutes(50) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        const string Text = "来访者小麦在翟坡镇造纸厂上夜班,电话 139 0007 7009,王主任常批评她。同事叫她秦岚师傅。";
        var refused = (await Send(Text, null)).MustBe(HttpStatusCode.Conflict, "supervision_marks");
        Assert.Equal(
            ["小麦", "翟坡镇造纸厂", "139 0007 7009", "王主任"],
            refused.Body.GetProperty("present").GetProperty("marks").EnumerateArray().Select(m => Text.Substring(m.GetProperty("from").GetInt32(), m.GetProperty("length").GetInt32())));

        // A name that she was never told is not marked: it could be found out by trying. It does not arrive either.
        var sent = (await Send(Text, true)).MustBe(HttpStatusCode.Created)["id"];
        var supervisor = await house.Supervisor();
        var item = (await supervisor.Get("/api/v1/office/supervision-texts?take=1")).MustBe(HttpStatusCode.OK).Items[0];
        Assert.Equal((sent, "林静", false), (item.Text("id"), item.Text("counsellorName"), item.Text("text").Contains("秦岚", StringComparison.Ordinal)));
        Assert.Contains("同事叫她〔称呼〕师傅", item.Text("text"), StringComparison.Ordinal);
        (await Send("没有任何可识别内容的一段提问,想请教下一步。", null)).MustBe(HttpStatusCode.Created);
        (await supervisor.Post($"/api/v1/office/supervision-texts/{sent}/answer", new { answer = "先做睡眠记录两周。" })).MustBe(HttpStatusCode.NoContent);
        (await supervisor.Post($"/api/v1/office/supervision-texts/{sent}/answer", new { answer = "再答一次。" })).MustBe(HttpStatusCode.Conflict, "supervision_answered");
        Assert.Equal([null, "先做睡眠记录两周。"], (await counsellor.Person.Get("/api/v1/office/me/supervision-texts")).MustBe(HttpStatusCode.OK).Items.Select(i => i.GetProperty("answer").GetString()));
        Assert.Empty((await (await house.Counsellor()).Person.Get("/api/v1/office/me/supervision-texts")).Items);
        (await (await house.Staff(Role.CounsellingSupervisor, "zhaipo")).Post($"/api/v1/office/supervision-texts/{sent}/answer", new { answer = "别的工会。" })).MustBe(HttpStatusCode.NotFound);

        // Nothing in its row leads to the talk.
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM supervision_texts WHERE text_locked LIKE '%{id}%' OR id = '{id}'"));

        Task<Answer> Send(string text, bool? marksSeen) => counsellor.Person.Post($"{Talks}/{id}/supervision-texts", new { text, marksSeen });
    }

    private static Task<Answer> Move(Person client, string id, DateTimeOffset startsAt, string? key = null) =>
        client.PutWithKey($"{Practice.Appointments}/{id}/time", new { startsAt }, key);

    private static Task<Answer> Reassign(Counsellor by, string id, string to, int version, DateTimeOffset? startsAt = null) =>
        by.Person.Post($"{Talks}/{id}/reassignment", new { counsellorId = to, version, reason = "外出培训", startsAt });

    private static Task<Answer> Mark(Counsellor by, string id, string what, int version) => by.Person.Put($"{Talks}/{id}/{what}", new { version });

    private static Task<Answer> Write(Counsellor by, string id, int version, string text) => by.Person.Put($"{Talks}/{id}/note", new { version, text });
}
