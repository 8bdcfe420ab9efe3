using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members.Standing;

public sealed class StandingOnSqlite(SqliteHouse house) : StandingTests(house), IClassFixture<SqliteHouse>;

public sealed class StandingOnMariaDb(MariaDbHouse house) : StandingTests(house), IClassFixture<MariaDbHouse>;

public abstract class StandingTests(TestHouse house)
{
    private const string Office = "/api/v1/office";
    private const string Mine = "/api/v1/me/membership-departures";

    private Task<Person> Officer => house.Staff(Role.MembershipOfficer, "jinsui");

    private Task<Person> Chair => house.Staff(Role.UnionChair, "jinsui");

    [Theory]
    [InlineData("retirement")]
    [InlineData("early_retirement")]
    [InlineData("unemployment")]
    [InlineData("military_service")]
    [InlineData("employer_closed")]
    [InlineData("full_time_study")]
    public async Task A_membership_is_retained_for_a_reason_and_resumed(string reason)
    {
        var member = await house.MemberOf("jinsui");
        var officer = await Officer;

        (await Deed(officer, member, "retention", new { version = 1, reason, note = "已交证明" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("retained", await member.State());
        Assert.Equal("retained", (await member.Person.Get("/api/v1/me")).Body.GetProperty("membership").GetProperty("state").GetString());
        var change = (await member.Person.Get("/api/v1/me/membership-changes")).Items[^1];
        Assert.Equal(("04", reason, "已交证明", "工作人员"), (Text(change, "kind"), Text(change, "reasonWord"), Text(change, "reason"), Text(change, "by")));

        (await Deed(officer, member, "resumption", new { version = 2 })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(("active", "01 04 05", 3L), (await member.State(), await member.Changes(), await member.Version()));
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE record_id = '{member.Id}' AND deed IN ('retain_membership', 'resume_membership')"));
        var kinds = (await member.Person.Get("/api/v1/me/messages")).Items.Select(m => Text(m, "kind"));
        Assert.Contains("retain_membership", kinds);
    }

    [Fact]
    public async Task A_membership_is_resumed_in_a_new_union_that_the_officer_reaches()
    {
        var member = await house.MemberOf("jinsui");
        await Deed(await Officer, member, "retention", new { version = 1, reason = "unemployment" });
        var hongyuan = await house.UnionId("hongyuan");

        (await Deed(await Officer, member, "resumption", new { version = 2, unionId = hongyuan })).MustBe(HttpStatusCode.Conflict, "union_out_of_reach");
        var county = await house.Staff(Role.MembershipOfficer, "county");
        (await Deed(county, member, "resumption", new { version = 2, unionId = hongyuan })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(hongyuan, await member.UnionId());
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM memberships WHERE live_person_id = '{member.PersonId}'"));
    }

    [Fact]
    public async Task Leaving_is_asked_by_the_member_and_confirmed_after_a_talk_and_she_may_apply_again()
    {
        var member = await house.MemberOf("jinsui");
        var asked = (await member.Person.Post(Mine, new { reason = "去外地工作" })).MustBe(HttpStatusCode.Created);
        (await member.Person.Post(Mine, new { reason = "再次申请" })).MustBe(HttpStatusCode.Conflict, "departure_open");
        Assert.Equal("active", await member.State());

        var officer = await Officer;
        Assert.Contains((await officer.Get($"{Office}/membership-departures?take=50")).Items, i => Text(i.GetProperty("departure"), "id") == asked["id"]);
        (await officer.Post($"{Office}/membership-departures/{asked["id"]}/refusal", new { reason = "不同意" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await officer.Post($"{Office}/membership-departures/{asked["id"]}/confirmation", new { talkedOn = "2030-01-01", note = "已谈话" }))
            .MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Confirm(officer, asked["id"])).MustBe(HttpStatusCode.NoContent);
        (await Confirm(officer, asked["id"])).MustBe(HttpStatusCode.Conflict, "departure_closed");

        Assert.Equal(("withdrawn", "01 06"), (await member.State(), await member.Changes()));
        (await member.Person.Get("/api/v1/me/member-code")).MustBe(HttpStatusCode.Conflict, "not_a_member");
        var again = await member.JoinAgain("jinsui");
        Assert.NotEqual(member.Id, again);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM memberships WHERE live_person_id = '{member.PersonId}'"));
    }

    [Fact]
    public async Task A_request_to_leave_stands_by_itself_after_thirty_days_and_may_be_taken_back_before()
    {
        var leaving = await house.MemberOf("jinsui");
        var staying = await house.MemberOf("jinsui");
        await leaving.Person.Post(Mine, new { reason = "个人原因" });
        var asked = await staying.Person.Post(Mine, new { reason = "个人原因" });
        (await leaving.Person.Post($"{Mine}/{asked["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await staying.Person.Post($"{Mine}/{asked["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NoContent);
        (await staying.Person.Post($"{Mine}/{asked["id"]}/cancellation", new { })).MustBe(HttpStatusCode.Conflict, "departure_closed");

        house.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        await LetRequestsStand();
        Assert.Equal("active", await leaving.State());
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await LetRequestsStand();

        Assert.Equal(("withdrawn", "01 06"), (await leaving.State(), await leaving.Changes()));
        Assert.Equal("active", await staying.State());
        Assert.Equal("took_effect", Text((await (await leaving.Again()).Get(Mine)).Items[0], "state"));
    }

    [Fact]
    public async Task Automatic_leaving_needs_six_months_and_a_talk()
    {
        var member = await house.MemberOf("jinsui");
        var joined = Today();
        house.Clock.Advance(TimeSpan.FromDays(400));
        var officer = await Officer;
        var last = Today().AddMonths(-6);

        (await Leave(last.AddDays(1), Today())).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Leave(joined.AddDays(-1), Today())).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Leave(DateOnly.MaxValue, Today())).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Leave(last, last)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Leave(last, Today().AddDays(1))).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Leave(last, Today())).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(("auto_left", "01 07"), (await member.State(), await member.Changes()));

        Task<Answer> Leave(DateOnly lastActiveOn, DateOnly talkedOn) =>
            Deed(officer, member, "automatic-leaving", new { version = 1, lastActiveOn, talkedOn, note = "电话无人接听,已上门谈话" });
    }

    [Fact]
    public async Task An_expulsion_is_decided_by_one_and_confirmed_by_another()
    {
        var member = await house.MemberOf("jinsui");
        var officer = await Officer;
        (await Deed(officer, member, "expulsion-proposals", new { version = 1, reason = "依法被判处刑罚" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        var refused = (await Propose()).MustBe(HttpStatusCode.Created);
        (await Propose()).MustBe(HttpStatusCode.Conflict, "departure_open");
        (await Confirm(officer, refused["id"])).MustBe(HttpStatusCode.Conflict, "second_person_needed");
        (await (await Chair).Post($"{Office}/membership-departures/{refused["id"]}/refusal", new { reason = "情节不符" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("active", await member.State());

        var proposed = await Propose();
        (await Confirm(await Chair, proposed["id"])).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(("expelled", "01 08"), (await member.State(), await member.Changes()));
        var changes = (await member.Person.Get("/api/v1/me/membership-changes")).Items;
        Assert.Equal("新县工〔2026〕3号", Text(changes[^1], "filingNumber"));

        Task<Answer> Propose() => Deed(
            officer, member, "expulsion-proposals", new { version = 1, reason = "依法被判处刑罚", filingNumber = "新县工〔2026〕3号" });
    }

    [Fact]
    public async Task Twenty_officers_at_once_confirm_or_refuse_an_expulsion_and_one_of_them_does()
    {
        var member = await house.MemberOf("jinsui");
        var proposed = await Deed(
            await Officer, member, "expulsion-proposals", new { version = 1, reason = "依法被判处刑罚", filingNumber = "新县工〔2026〕4号" });
        var chair = await Chair;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? Confirm(chair, proposed["id"])
            : chair.Post($"{Office}/membership-departures/{proposed["id"]}/refusal", new { reason = "情节不符" })));

        var done = Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a != done), a => Assert.True(a.Code is "departure_closed" or "changed_meanwhile" or "wrong_membership_state", a.Text));
        var state = (await house.Words($"SELECT state FROM membership_departures WHERE id = '{proposed["id"]}'"))[0];
        Assert.Equal(state == "confirmed" ? "expelled" : "active", await member.State());
    }

    [Fact]
    public async Task A_death_ends_the_membership_and_everything_open_about_it()
    {
        var member = await house.MemberOf("jinsui");
        await member.Person.Post("/api/v1/me/membership-transfers", new { unionId = await house.UnionId("hongyuan"), reason = "换了单位" });
        await member.Person.Post(Mine, new { reason = "个人原因" });
        var officer = await Officer;

        (await Deed(officer, member, "death", new { version = 2, diedOn = Today().AddDays(1) })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Deed(officer, member, "death", new { version = 2, diedOn = Today() })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(("deceased", "01 09"), (await member.State(), await member.Changes()));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM membership_transfers WHERE open_membership_id = '{member.Id}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM membership_departures WHERE open_membership_id = '{member.Id}'"));
        (await Deed(officer, member, "retention", new { version = 3, reason = "retirement" })).MustBe(HttpStatusCode.Conflict, "wrong_membership_state");
    }

    [Fact]
    public async Task Two_officers_with_the_same_version_do_not_both_decide_and_a_repeat_with_the_key_is_the_first_answer()
    {
        var member = await house.MemberOf("jinsui");
        var (officer, chair) = (await Officer, await Chair);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Deed(
            i % 2 == 0 ? officer : chair, member, "retention", new { version = 1, reason = "retirement" })));

        Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.Equal(("01 04", 2L), (await member.Changes(), await member.Version()));
        var key = Guid.NewGuid().ToString("N");
        (await Deed(officer, member, "resumption", new { version = 1 }, key)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await Deed(officer, member, "resumption", new { version = 2 }, key)).MustBe(HttpStatusCode.NoContent);
        (await Deed(officer, member, "resumption", new { version = 2 }, key)).MustBe(HttpStatusCode.NoContent);
        (await Deed(officer, member, "resumption", new { version = 3 }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Equal("01 04 05", await member.Changes());
    }

    [Fact]
    public async Task An_officer_does_nothing_about_her_own_membership()
    {
        var member = await house.MemberOf("jinsui");
        var name = $"own-{member.Id[^8..]}";
        await house.AddStaffAsync(name, Role.MembershipOfficer, "jinsui", member.PersonId);
        var herself = await house.SignInStaff(name);

        foreach (var (deed, body) in Deeds())
        {
            (await Deed(herself, member, deed, body)).MustBe(HttpStatusCode.Conflict, "own_membership");
        }
    }

    [Fact]
    public async Task Anonymous_people_workers_and_officers_of_another_branch_reach_no_membership()
    {
        var member = await house.MemberOf("jinsui");
        var (anonymous, other) = (house.Anonymous(), await house.Staff(Role.MembershipOfficer, "hongyuan"));
        var organiser = await house.Staff(Role.ActivityOrganiser, "county");
        foreach (var (deed, body) in Deeds())
        {
            (await Deed(anonymous, member, deed, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
            (await Deed(member.Person, member, deed, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
            (await Deed(organiser, member, deed, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
            (await Deed(other, member, deed, body)).MustBe(HttpStatusCode.NotFound, "not_found");
            (await Deed(await Officer, member, deed, new { version = "1" })).MustBe(HttpStatusCode.BadRequest, "malformed");
            (await (await Officer).PostWithoutKey($"{Office}/memberships/{member.Id}/{deed}", body)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        }

        (await (await house.Worker()).Post(Mine, new { reason = "个人原因" })).MustBe(HttpStatusCode.Conflict, "not_a_member");
        (await Confirm(other, Guid.NewGuid().ToString("N"))).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("01", await member.Changes());
    }

    private (string Deed, object Body)[] Deeds() =>
    [
        ("retention", new { version = 1, reason = "retirement" }),
        ("death", new { version = 1, diedOn = Today() }),
        ("automatic-leaving", new { version = 1, lastActiveOn = Today(), talkedOn = Today(), note = "已谈话" }),
        ("expulsion-proposals", new { version = 1, reason = "依法被判处刑罚", filingNumber = "新县工〔2026〕3号" }),
        ("corrections", new { version = 1, reason = "填错了", post = "班长" }),
    ];

    private DateOnly Today() => DateOnly.FromDateTime(house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    private Task LetRequestsStand() => house.Services.GetRequiredService<LetRequestsStand>().RunAsync(CancellationToken.None);

    private static Task<Answer> Deed(Person by, NewMember member, string deed, object body, string? key = null) =>
        by.Post($"{Office}/memberships/{member.Id}/{deed}", body, key);

    private Task<Answer> Confirm(Person by, string id) =>
        by.Post($"{Office}/membership-departures/{id}/confirmation", new { talkedOn = Today(), note = "已谈话,本人坚持" });

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
}
