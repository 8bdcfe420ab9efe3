using System.Net;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities.Attending;

public sealed class NoShowOnSqlite(SqliteHouse house) : NoShowTests(house), IClassFixture<SqliteHouse>;

public sealed class NoShowOnMariaDb(MariaDbHouse house) : NoShowTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Absences, the points they give, and appeals against those.</summary>
public abstract class NoShowTests(TestHouse house)
{
    private const string Points = "/api/v1/me/conduct-points";
    private const string Appeals = "/api/v1/office/conduct-appeals";

    [Fact]
    public async Task Who_had_a_place_and_did_not_come_gets_points_once_and_is_told()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 3 });
        var people = await house.People(4);
        var enrolments = new List<string>();
        foreach (var person in people)
        {
            enrolments.Add((await person.SignUp(activity)).MustBe(HttpStatusCode.OK)["id"]);
        }

        Assert.Contains("没有到场签到记 2 分", (await house.Anonymous().Get($"{Stage.Mine}/{activity}"))["conductRules"], StringComparison.Ordinal);
        Assert.Contains("没有到场签到记 2 分", (await people[0].Get(Points))["rules"], StringComparison.Ordinal);
        await house.MoveToStart(activity);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Scan(activity, await people[0].Code())).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromMilliseconds(1));
        await Step();
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM attendance_closings WHERE activity_id = '{activity}'"));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<MarkNoShows>().RunAsync(CancellationToken.None);
        await house.Services.GetRequiredService<MarkNoShows>().RunAsync(CancellationToken.None);

        Assert.Equal(2, await house.Number($"SELECT no_shows FROM attendance_closings WHERE activity_id = '{activity}'"));
        Assert.Equal(["0", "2", "2", "0"], await Task.WhenAll(people.Select(async p => (await p.Get(Points))["total"])));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM enrolment_steps WHERE kind = 'no_show' AND enrolment_id = '{enrolments[1]}'"));
        Assert.Single((await people[1].Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "no_show");
        var item = (await people[1].Get(Points)).Items.Single();
        Assert.Equal(("no_show", "enrolment", enrolments[1], "职工趣味运动会", ""), (item.Text("kind"), item.Text("sourceKind"), item.Text("sourceId"), item.Text("sourceTitle"), item.Text("appeal")));
    }

    [Fact]
    public async Task Where_nobody_was_scanned_nobody_gets_points_and_a_cancelled_activity_gives_none()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity);
        house.Clock.Advance(TimeSpan.FromHours(4));
        await Step();
        await Step();

        Assert.Equal(0, await house.Number($"SELECT no_shows FROM attendance_closings WHERE activity_id = '{activity}'"));
        Assert.Equal("0", (await members[0].Get(Points))["total"]);

        var (called, waiting) = await house.Gathered(1);
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Post($"{Stage.Office}/{called}/cancellation", new { version = 3, reason = "暴雨" })).MustBe(HttpStatusCode.NoContent);
        await house.MoveToStart(called);
        house.Clock.Advance(TimeSpan.FromHours(4));
        await Step();
        Assert.Equal("0", (await waiting[0].Get(Points))["total"]);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM attendance_closings WHERE activity_id = '{called}'"));
    }

    [Fact]
    public async Task A_device_that_comes_back_late_undoes_the_absence()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity);
        var (seen, codes) = (house.Clock.GetUtcNow(), new[] { await members[0].Code(), await members[1].Code() });
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, codes[0])).MustBe(HttpStatusCode.OK);
        await Absences(activity);
        Assert.Equal("2", (await members[1].Get(Points))["total"]);

        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, codes[1], seen)).MustBe(HttpStatusCode.OK);

        Assert.Equal("0", (await members[1].Get(Points))["total"]);
        Assert.Equal("no_show_lifted", (await members[1].Get($"{Stage.Mine}/{activity}/enrolment")).Body.GetProperty("steps")[1].Text("kind"));
    }

    [Fact]
    public async Task A_device_that_comes_back_while_the_absences_are_written_undoes_hers()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity);
        var (seen, code) = (house.Clock.GetUtcNow(), await members[1].Code());
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);
        await house.MoveToStart(activity, minutes: 240);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var (enrolment, personId) = ((await members[1].Get($"{Stage.Mine}/{activity}/enrolment"))["id"], await members[1].PersonId());

        Task<Answer>? scan = null;
        await house.Database.TransactAsync(
            async db =>
            {
                // As the program writes them; nobody of the absent was checked in when it looked.
                await Turn.TakeAsync(db, activity, CancellationToken.None);
                scan = organiser.Scan(activity, code, seen);
                await Task.WhenAny(scan, Task.Delay(TimeSpan.FromSeconds(1)));
                await WritePointsAsync(db, personId, enrolment);
            },
            CancellationToken.None);

        (await scan!).MustBe(HttpStatusCode.OK);
        Assert.Equal("0", (await members[1].Get(Points))["total"]);
    }

    [Fact]
    public async Task A_repeated_late_scan_undoes_the_absence_too()
    {
        var (activity, members) = await house.Gathered(1);
        await house.MoveToStart(activity);
        var (seen, code) = (house.Clock.GetUtcNow(), await members[0].Code());
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, code)).MustBe(HttpStatusCode.OK);
        await house.MoveToStart(activity, minutes: 240);
        var enrolment = (await members[0].Get($"{Stage.Mine}/{activity}/enrolment"))["id"];
        var personId = await members[0].PersonId();
        await house.Database.TransactAsync(db => WritePointsAsync(db, personId, enrolment), CancellationToken.None);
        Assert.Equal("2", (await members[0].Get(Points))["total"]);

        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Equal("True", (await organiser.Scan(activity, code, seen)).MustBe(HttpStatusCode.OK)["isRepeated"]);
        Assert.Equal("True", (await organiser.Scan(activity, code, seen)).MustBe(HttpStatusCode.OK)["isRepeated"]);

        Assert.Equal("0", (await members[0].Get(Points))["total"]);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM enrolment_steps WHERE kind = 'no_show_lifted' AND enrolment_id = '{enrolment}'"));
    }

    [Fact]
    public async Task An_appeal_is_accepted_also_when_the_sign_up_is_past_its_time_and_gone()
    {
        var (person, _, _) = await TwoAbsent();
        var point = await PointOf(person);
        var appeal = (await person.Post($"{Points}/{point}/appeals", new { reason = "系统故障" })).MustBe(HttpStatusCode.Created)["id"];
        var enrolment = await house.Text($"SELECT source_id FROM conduct_points WHERE id = '{point}'");
        await house.Execute($"DELETE FROM enrolment_steps WHERE enrolment_id = '{enrolment}'");
        await house.Execute($"DELETE FROM enrolments WHERE id = '{enrolment}'");

        (await (await house.Staff(Role.UnionChair, "zhaipo")).Post($"{Appeals}/{appeal}/decision", new { isAccepted = true, reason = "属实" })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal("0", (await person.Get(Points))["total"]);
    }

    [Fact]
    public async Task An_accepted_appeal_lifts_the_points_at_once_and_a_refused_one_lets_them_stand()
    {
        var (right, wrong, _) = await TwoAbsent();
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var (rightPoint, wrongPoint) = (await PointOf(right), await PointOf(wrong));
        var first = (await right.Post($"{Points}/{rightPoint}/appeals", new { reason = "我签到时系统故障,有照片" })).MustBe(HttpStatusCode.Created);
        (await wrong.Post($"{Points}/{wrongPoint}/appeals", new { reason = "忘记了" })).MustBe(HttpStatusCode.Created);
        (await right.Post($"{Points}/{rightPoint}/appeals", new { reason = "再说一次" })).MustBe(HttpStatusCode.Conflict, "appeal_open");
        Assert.Equal("open", (await right.Get(Points)).Items.Single().Text("appeal"));
        Assert.DoesNotContain("照片", (await house.Words($"SELECT reason_sealed FROM conduct_appeals WHERE id = '{first["id"]}'"))[0], StringComparison.Ordinal);

        var list = (await chair.Get($"{Appeals}?state=open")).MustBe(HttpStatusCode.OK).Items.Where(i => i.Text("sourceTitle").Length > 0).ToArray();
        var appeal = list.Single(i => i.Text("id") == first["id"]);
        Assert.Equal(("职*", "我签到时系统故障,有照片", "2", "True"), (appeal.Text("name"), appeal.Text("reason"), appeal.Text("weight"), appeal.Text("mayDecide")));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'read_conduct_appeal' AND record_id = '{first["id"]}'"));
        (await chair.Post($"{Appeals}/{first["id"]}/decision", new { isAccepted = true, reason = "照片属实" })).MustBe(HttpStatusCode.NoContent);
        var other = list.Single(i => i.Text("reason") == "忘记了").Text("id");
        (await chair.Post($"{Appeals}/{other}/decision", new { isAccepted = false, reason = "理由不成立" })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(("0", "accepted"), ((await right.Get(Points))["total"], (await right.Get(Points)).Items.Single().Text("appeal")));
        Assert.Equal(("2", "refused"), ((await wrong.Get(Points))["total"], (await wrong.Get(Points)).Items.Single().Text("appeal")));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM enrolment_steps s JOIN conduct_points p ON p.source_id = s.enrolment_id WHERE s.kind = 'no_show_lifted' AND p.id = '{rightPoint}'"));
        Assert.Contains((await right.Get("/api/v1/me/messages")).Items, m => m.Text("text").Contains("照片属实", StringComparison.Ordinal));
        (await chair.Post($"{Appeals}/{first["id"]}/decision", new { isAccepted = false, reason = "再想想" })).MustBe(HttpStatusCode.Conflict, "appeal_decided");
        (await right.Post($"{Points}/{rightPoint}/appeals", new { reason = "还要申诉" })).MustBe(HttpStatusCode.Conflict, "points_over");
        (await wrong.Post($"{Points}/{wrongPoint}/appeals", new { reason = "补充证明" })).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Twenty_appeals_at_once_leave_one_and_twenty_decisions_one()
    {
        var (person, _, _) = await TwoAbsent();
        var point = await PointOf(person);

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Post($"{Points}/{point}/appeals", new { reason = "系统故障" })));
        Assert.Single(made, a => a.Status == HttpStatusCode.Created);
        Assert.All(made.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "appeal_open"));
        var id = made.Single(a => a.Status == HttpStatusCode.Created)["id"];
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var decided = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => chair.Post($"{Appeals}/{id}/decision", new { isAccepted = i % 2 == 0, reason = "决定" })));
        Assert.Single(decided, a => a.Status == HttpStatusCode.NoContent);
        Assert.All(decided.Where(a => a.Status != HttpStatusCode.NoContent), a => a.MustBe(HttpStatusCode.Conflict, "appeal_decided"));
    }

    [Fact]
    public async Task An_appeal_is_decided_by_a_second_person_of_the_unions_own_reach()
    {
        var (person, stranger, _) = await TwoAbsent();
        var point = await PointOf(person);
        (await stranger.Post($"{Points}/{point}/appeals", new { reason = "不是我的" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Post($"{Points}/{point}/appeals", new { reason = "匿名" })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await person.Post($"{Points}/{point}/appeals", new { reason = "" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await person.PostWithoutKey($"{Points}/{point}/appeals", new { reason = "没有键" })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        var key = Guid.NewGuid().ToString("N");
        var id = (await person.Post($"{Points}/{point}/appeals", new { reason = "系统故障" }, key)).MustBe(HttpStatusCode.Created)["id"];
        Assert.Equal(id, (await person.Post($"{Points}/{point}/appeals", new { reason = "系统故障" }, key)).MustBe(HttpStatusCode.Created)["id"]);

        var atTheDoor = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        Assert.Equal("False", (await atTheDoor.Get(Appeals)).Items.Single(i => i.Text("id") == id).Text("mayDecide"));
        (await atTheDoor.Post($"{Appeals}/{id}/decision", new { isAccepted = false, reason = "我没看错" })).MustBe(HttpStatusCode.Conflict, "not_your_appeal");
        var elsewhere = await house.Staff(Role.UnionChair, "xiaoji");
        Assert.DoesNotContain((await elsewhere.Get(Appeals)).MustBe(HttpStatusCode.OK).Items, i => i.Text("id") == id);
        (await elsewhere.Post($"{Appeals}/{id}/decision", new { isAccepted = true, reason = "越权" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await elsewhere.Get($"{Appeals}?state=unknown")).MustBe(HttpStatusCode.BadRequest, "malformed");
        await house.AddStaffAsync($"own-{id}", Role.UnionChair, "zhaipo", await person.PersonId());
        (await (await house.SignInStaff($"own-{id}")).Post($"{Appeals}/{id}/decision", new { isAccepted = true, reason = "自己" })).MustBe(HttpStatusCode.Conflict, "not_your_appeal");
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Post($"{Appeals}/{id}/decision", new { reason = "没说" })).MustBe(HttpStatusCode.BadRequest, "malformed");

        var over = await PointOf(stranger);
        await house.Execute($"UPDATE conduct_points SET expires_at = {house.Clock.GetUtcNow().ToUnixTimeMilliseconds()} WHERE id = '{over}'");
        (await stranger.Post($"{Points}/{over}/appeals", new { reason = "太迟" })).MustBe(HttpStatusCode.Conflict, "points_over");
    }

    [Fact]
    public async Task Who_exports_her_data_reads_it_all_and_whose_is_erased_leaves_none_behind()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var (came, absent) = (await house.Member(), await house.Member());
        (await came.SignUp(activity)).MustBe(HttpStatusCode.OK);
        (await absent.SignUp(activity)).MustBe(HttpStatusCode.OK);
        await house.MoveToStart(activity);
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, await came.Code())).MustBe(HttpStatusCode.OK);
        await Absences(activity);
        (await absent.Post($"{Points}/{await PointOf(absent)}/appeals", new { reason = "当天住院" })).MustBe(HttpStatusCode.Created);
        var (cameId, absentId) = (await came.PersonId(), await absent.PersonId());

        await using (var db = house.Database.Open())
        {
            var data = house.Services.GetRequiredService<PersonalData>();
            Assert.Equal("member_code", (await data.ReadAsync(db, cameId, CancellationToken.None)).Single(t => t.Table == "check_ins").Rows[0]["way"]);
            Assert.Equal("当天住院", (await data.ReadAsync(db, absentId, CancellationToken.None)).Single(t => t.Table == "conduct_appeals").Rows[0]["reason"]);
        }

        foreach (var personId in new[] { cameId, absentId })
        {
            await house.Database.TransactAsync(
                db => house.Services.GetRequiredService<Erasing>().EraseAsync(db, personId, house.Clock.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None),
                CancellationToken.None);
        }

        Assert.Equal(0, await house.CheckInsOf(activity));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM conduct_appeals WHERE person_id = '{absentId}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM conduct_points WHERE person_id = '{absentId}'"));
    }

    /// <summary>Three had a place, the third came: the organiser of 翟坡镇 scanned her.</summary>
    private async Task<(Person First, Person Second, string Activity)> TwoAbsent()
    {
        var (activity, members) = await house.Gathered(3);
        await house.MoveToStart(activity);
        (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Scan(activity, await members[2].Code())).MustBe(HttpStatusCode.OK);
        await Absences(activity);
        return (members[0], members[1], activity);
    }

    private async Task Absences(string activity)
    {
        await house.MoveToStart(activity, minutes: 240);
        await Step();
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM attendance_closings WHERE activity_id = '{activity}'"));
    }

    private async Task WritePointsAsync(Db db, string personId, string enrolment)
    {
        var now = house.Clock.Milliseconds();
        await db.InsertAsync(new EnrolmentStepRow { Id = Ids.New(), EnrolmentId = enrolment, Kind = EnrolmentStepKind.NoShow, At = now });
        await ConductPoints.AddNewAsync(
            db, house.Services.GetRequiredService<ConductRules>(), ConductKind.NoShow, "enrolment", [(personId, enrolment)], now);
    }

    private static async Task<string> PointOf(Person person) => (await person.Get(Points)).Items.Single().Text("id");

    private Task Step() => house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
}
