using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Desk;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Attending;

public sealed class CheckInOnSqlite(SqliteHouse house) : CheckInTests(house), IClassFixture<SqliteHouse>;

public sealed class CheckInOnMariaDb(MariaDbHouse house) : CheckInTests(house), IClassFixture<MariaDbHouse>;

public abstract class CheckInTests(TestHouse house)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_member_code_checks_in_once_and_the_repeat_answers_who_and_when()
    {
        var (activity, members) = await house.Gathered(1);
        await ToWindow(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        var first = (await organiser.Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = (await (await house.Staff(Role.UnionChair, "zhaipo")).Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);

        Assert.Equal(("职*", "1", "member_code", "工作人员", "False"), (first["name"], first["number"], first["way"], first["checkedInBy"], first["isRepeated"]));
        Assert.Equal((first["id"], first["at"], "True"), (again["id"], again["at"], again["isRepeated"]));
        var enrolment = first["enrolmentId"];
        Assert.Equal(first["sessionId"], (await members[0].Get($"{Stage.Mine}/{activity}/enrolment")).Body.GetProperty("checkIns")[0].Text("sessionId"));
        Assert.Equal(first["sessionId"], (await organiser.Get($"{Stage.Office}/{activity}/enrolments")).Items.Single().GetProperty("checkedInSessionIds")[0].GetString());
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM check_ins WHERE enrolment_id = '{enrolment}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'check_in' AND record_id = '{enrolment}'"));
        (await members[0].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.Conflict, "checked_in_already");
    }

    [Fact]
    public async Task The_window_opens_an_hour_before_and_closes_at_the_end_to_the_millisecond()
    {
        var (activity, members) = await house.Gathered(2);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var start = DateTimeOffset.FromUnixTimeMilliseconds(await house.Number($"SELECT starts_at FROM activities WHERE id = '{activity}'"));

        MoveTo(start - TimeSpan.FromMinutes(60) - Tick);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var early = (await organiser.Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.Conflict, "check_in_not_open_yet");
        Assert.Equal(start.AddMinutes(-60), early.Present.GetProperty("opensAt").GetDateTimeOffset());
        (await organiser.Get($"{Stage.Office}/{activity}/hall-code")).MustBe(HttpStatusCode.Conflict, "check_in_not_open_yet");
        house.Clock.Advance(Tick);
        (await organiser.Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);
        MoveTo(start.AddHours(2) - Tick);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var hall = (await organiser.Get($"{Stage.Office}/{activity}/hall-code")).MustBe(HttpStatusCode.OK)["code"];
        (await organiser.Scan(activity, await members[1].Code())).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(Tick);
        (await organiser.Scan(activity, await members[1].Code())).MustBe(HttpStatusCode.Conflict, "check_in_closed");
        (await members[1].Post($"{Stage.Mine}/{activity}/check-ins", new { code = hall })).MustBe(HttpStatusCode.Conflict, "check_in_closed");
    }

    [Fact]
    public async Task A_device_that_was_without_a_network_brings_in_what_it_saw_inside_the_window()
    {
        var (activity, members) = await house.Gathered(2);
        await ToWindow(activity);
        var seen = house.Clock.GetUtcNow();
        var codes = new[] { await members[0].Code(), await members[1].Code() };
        house.Clock.Advance(TimeSpan.FromHours(5));
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        (await organiser.Scan(activity, codes[0])).MustBe(HttpStatusCode.Conflict, "check_in_closed");
        var late = (await organiser.Scan(activity, codes[0], seen)).MustBe(HttpStatusCode.OK);
        Assert.Equal(seen, late.Body.GetProperty("scannedAt").GetDateTimeOffset());
        Assert.Equal(house.Clock.GetUtcNow(), late.Body.GetProperty("at").GetDateTimeOffset());
        Assert.Equal("True", (await organiser.Scan(activity, codes[0], seen)).MustBe(HttpStatusCode.OK)["isRepeated"]);

        (await organiser.Scan(activity, codes[1], seen.AddMinutes(4))).MustBe(HttpStatusCode.Conflict, "member_code_expired");
        (await organiser.Scan(activity, codes[1], seen.AddMinutes(-3))).MustBe(HttpStatusCode.Conflict, "check_in_not_open_yet");
        (await organiser.Scan(activity, codes[1], seen.AddHours(-1))).MustBe(HttpStatusCode.Conflict, "check_in_not_open_yet");
        Assert.Equal(["scannedAt"], (await organiser.Scan(activity, codes[1], house.Clock.GetUtcNow() + Tick)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        house.Clock.Advance(seen.AddDays(7) - house.Clock.GetUtcNow() - Tick);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Scan(activity, codes[1], seen)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(Tick);
        (await organiser.Scan(activity, codes[1], seen)).MustBe(HttpStatusCode.Conflict, "check_in_closed");
    }

    [Fact]
    public async Task What_a_device_says_it_saw_is_proved_by_the_member_code_alone()
    {
        var (activity, members) = await house.Gathered(1);
        await ToWindow(activity);
        var seen = house.Clock.GetUtcNow();
        house.Clock.Advance(TimeSpan.FromHours(5));
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var enrolmentId = (await members[0].Get($"{Stage.Mine}/{activity}/enrolment"))["id"];

        var refused = await organiser.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { enrolmentId, scannedAt = seen });

        Assert.Equal(["scannedAt"], refused.MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        Assert.Equal(0, await house.CheckInsOf(activity));
    }

    [Fact]
    public async Task Clocks_may_differ_by_a_minute_between_nodes_and_by_a_little_more_on_devices_without_a_network()
    {
        var (activity, members) = await house.Gathered(1);
        await house.MoveToStart(activity);
        house.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(house.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerMinute));
        var shown = house.Clock.GetUtcNow();
        var codes = house.Services.GetRequiredService<MemberCode>();
        var membership = await house.Text($"SELECT id FROM memberships WHERE live_person_id = '{await members[0].PersonId()}'");
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");

        // The node that made the code is ahead: by less than two minutes' change it is taken, not beyond.
        (await organiser.Scan(activity, codes.Make(membership, shown.AddMinutes(2).ToUnixTimeMilliseconds()))).MustBe(HttpStatusCode.Conflict, "member_code_expired");
        (await organiser.Scan(activity, codes.Make(membership, shown.AddMinutes(2).AddMilliseconds(-1).ToUnixTimeMilliseconds()))).MustBe(HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromMinutes(10));
        var code = codes.Make(membership, shown.ToUnixTimeMilliseconds());
        (await organiser.Scan(activity, code, shown.AddMinutes(-2) - Tick)).MustBe(HttpStatusCode.Conflict, "member_code_expired");
        (await organiser.Scan(activity, code, shown.AddMinutes(-2))).MustBe(HttpStatusCode.OK);
        (await organiser.Scan(activity, code, shown.AddMinutes(4) - Tick)).MustBe(HttpStatusCode.OK);
        (await organiser.Scan(activity, code, shown.AddMinutes(4))).MustBe(HttpStatusCode.Conflict, "member_code_expired");
    }

    [Fact]
    public async Task The_hall_code_is_taken_in_its_minute_and_the_next_from_those_with_a_place_only()
    {
        var (activity, members) = await house.Gathered(1);
        var elsewhere = await house.Open(new { name = "开放名额", capacity = 2 });
        (await members[0].SignUp(elsewhere)).MustBe(HttpStatusCode.OK);
        await ToWindow(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        house.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(house.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerMinute));
        var shown = (await organiser.Get($"{Stage.Office}/{activity}/hall-code")).MustBe(HttpStatusCode.OK);
        Assert.Equal(house.Clock.GetUtcNow().AddMinutes(2), shown.Body.GetProperty("validUntil").GetDateTimeOffset());
        var code = shown["code"];

        (await (await house.Member()).ScanHall(activity, code)).MustBe(HttpStatusCode.Conflict, "not_enrolled");
        (await members[0].ScanHall(elsewhere, code)).MustBe(HttpStatusCode.Conflict, "hall_code_of_another_activity");
        (await members[0].ScanHall(activity, await members[0].Code())).MustBe(HttpStatusCode.Conflict, "hall_code_invalid");
        for (var letter = 0; letter < code.Length; letter += 5)
        {
            var forged = code[..letter] + (code[letter] == '0' ? '1' : '0') + code[(letter + 1)..];
            (await members[0].ScanHall(activity, forged)).MustBe(HttpStatusCode.Conflict, "hall_code_invalid");
        }

        house.Clock.Advance(TimeSpan.FromMinutes(2) - Tick);
        Assert.NotEqual(code, (await organiser.Get($"{Stage.Office}/{activity}/hall-code"))["code"]);
        var first = (await members[0].ScanHall(activity, code)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("hall_code", "False"), (first["way"], first["isRepeated"]));
        house.Clock.Advance(Tick);
        (await members[0].ScanHall(activity, code)).MustBe(HttpStatusCode.Conflict, "hall_code_expired");
        var fresh = (await organiser.Get($"{Stage.Office}/{activity}/hall-code"))["code"];
        Assert.Equal((first["id"], "True"), ((await members[0].ScanHall(activity, fresh))["id"], (await members[0].ScanHall(activity, fresh))["isRepeated"]));
        (await house.Anonymous().ScanHall(activity, fresh)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await members[0].ScanHall(activity, "")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await members[0].ScanHall(new string('0', 32), fresh)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Only_who_has_a_place_comes_in_and_is_told_why_not()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await house.People(3);
        foreach (var person in people)
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        await ToWindow(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Scan(activity, await people[1].Code())).MustBe(HttpStatusCode.Conflict, "no_place_given");
        (await people[0].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        (await organiser.Scan(activity, await people[0].Code())).MustBe(HttpStatusCode.Conflict, "not_enrolled");
        (await organiser.Scan(activity, await people[1].Code())).MustBe(HttpStatusCode.Conflict, "accept_offer_first");
        (await people[1].Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = true })).MustBe(HttpStatusCode.OK);
        (await organiser.Scan(activity, await people[1].Code())).MustBe(HttpStatusCode.OK);
        Assert.Contains("现场报名", (await organiser.Scan(activity, await (await house.Member()).Code())).MustBe(HttpStatusCode.Conflict, "not_enrolled")["detail"], StringComparison.Ordinal);

        (await (await house.Staff(Role.ActivityOrganiser, "xiaoji")).Scan(activity, await people[1].Code())).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.Scan(activity, "member-code")).MustBe(HttpStatusCode.Conflict, "member_code_invalid");
        (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { enrolmentId = new string('0', 32) })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { memberCode = await people[1].Code(), sessionId = new string('0', 32) })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Who_comes_without_a_phone_is_found_by_name_or_phone_tail_masked_and_written_down()
    {
        var (activity, members) = await house.Gathered(3);
        var other = await house.Open(new { name = "开放名额", capacity = 2 });
        await house.Execute($"UPDATE member_records SET name = '欧阳秋' WHERE person_id = '{await members[1].PersonId()}'");
        await house.Execute($"UPDATE persons SET phone_tail = '4711' WHERE id = '{await members[2].PersonId()}'");

        // The other one begins an hour later: both doors are open.
        await house.MoveToStart(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var searches = $"{Stage.Office}/{activity}/enrolment-searches";

        var byName = (await organiser.PostWithoutKey(searches, new { name = "欧阳" })).MustBe(HttpStatusCode.OK).Items.Single();
        var byTail = (await organiser.PostWithoutKey(searches, new { phoneTail = "4711" })).MustBe(HttpStatusCode.OK).Items.Single();
        Assert.Equal(("欧阳*", "2", "3"), (byName.Text("name"), byName.Text("number"), byTail.Text("number")));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'search_hit' AND subject_id = '{await members[1].PersonId()}'"));
        var found = (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { enrolmentId = byName.Text("enrolmentId") })).MustBe(HttpStatusCode.OK);
        Assert.Equal("search", found["way"]);
        Assert.Equal(1, (await organiser.PostWithoutKey(searches, new { name = "欧阳秋" })).Items.Single().GetProperty("checkedInSessionIds").GetArrayLength());
        var page = (await organiser.PostWithoutKey(searches, new { name = "职", take = 1 })).MustBe(HttpStatusCode.OK);
        Assert.Equal("3", (await organiser.PostWithoutKey(searches, new { name = "职", take = 1, after = page.Next })).Items.Single().Text("number"));

        (await organiser.PostWithoutKey($"{Stage.Office}/{other}/check-ins", new { enrolmentId = byName.Text("enrolmentId") })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await organiser.PostWithoutKey($"{Stage.Office}/{other}/enrolment-searches", new { name = "欧阳" })).Items);
        (await organiser.PostWithoutKey(searches, new { name = "欧阳", phoneTail = "4711" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await organiser.PostWithoutKey(searches, new { phoneTail = "471" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await house.Staff(Role.ActivityOrganiser, "xiaoji")).PostWithoutKey(searches, new { name = "欧阳" })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Twenty_scans_at_once_on_two_nodes_leave_one_check_in()
    {
        var (activity, members) = await house.Gathered(1);
        await ToWindow(activity);

        var answers = await house.ScanOnTwoNodes(activity, await members[0].Code(), 20);

        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        Assert.Single(answers.Select(a => a["id"]).Distinct());
        Assert.Single(answers, a => a["isRepeated"] == "False");
        Assert.Equal(1, await house.CheckInsOf(activity));
    }

    [Fact]
    public async Task Sessions_are_checked_in_for_one_by_one_and_the_nearer_beginning_wins()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 2 });
        var start = house.Clock.GetUtcNow().AddDays(3);
        form["sessions"] = new[]
        {
            new { name = "上午", startsAt = start, endsAt = start.AddHours(2) }, new { name = "下午", startsAt = start.AddHours(2), endsAt = start.AddHours(4) },
        };
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var member = await house.Member();
        (await member.SignUp(activity)).MustBe(HttpStatusCode.OK);

        MoveTo(start.AddMinutes(59));
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Equal("上午", (await organiser.Get($"{Stage.Office}/{activity}/hall-code")).MustBe(HttpStatusCode.OK)["sessionName"]);
        (await organiser.Scan(activity, await member.Code())).MustBe(HttpStatusCode.OK);
        MoveTo(start.AddMinutes(90));
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Equal("下午", (await organiser.Get($"{Stage.Office}/{activity}/hall-code"))["sessionName"]);
        Assert.Equal("False", (await organiser.Scan(activity, await member.Code())).MustBe(HttpStatusCode.OK)["isRepeated"]);
        Assert.Equal(2, await house.CheckInsOf(activity));
    }

    private Task ToWindow(string activity) => house.MoveToStart(activity, minutes: -60);

    private void MoveTo(DateTimeOffset instant) => house.Clock.Advance(instant - house.Clock.GetUtcNow());
}

/// <summary>Without the UNIQUE two scans at once leave two rows; so the test above would have noticed.</summary>
public sealed class CheckInControlOnSqlite(SqliteHouse house) : CheckInControl(house), IClassFixture<SqliteHouse>;

public sealed class CheckInControlOnMariaDb(MariaDbHouse house) : CheckInControl(house), IClassFixture<MariaDbHouse>;

public abstract class CheckInControl(TestHouse house)
{
    [Fact]
    public async Task Without_the_unique_key_somebody_is_checked_in_twice()
    {
        await house.LoosenCheckIns();
        var (activity, members) = await house.Gathered(1);
        await house.MoveToStart(activity);

        await house.ScanOnTwoNodes(activity, await members[0].Code(), 20);

        Assert.InRange(await house.CheckInsOf(activity), 2, 20);
    }
}
