using System.Net;
using System.Text.Json;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class StaffAccountOnSqlite(SqliteHouse house) : StaffAccountTests(house), IClassFixture<SqliteHouse>;

public sealed class StaffAccountOnMariaDb(MariaDbHouse house) : StaffAccountTests(house), IClassFixture<MariaDbHouse>
{
    private readonly MariaDbHouse house = house;

    /// <summary>SQLite has one writer, so there is no race to lose there.</summary>
    [Fact]
    public async Task Control_without_holding_the_rows_two_administrators_can_end_each_other()
    {
        using (house.Guards.Off(
            "UPDATE staff_accounts SET grant_changes = grant_changes + 1 WHERE person_id = @personId",
            "UPDATE staff_accounts SET grant_changes = grant_changes + 1 WHERE person_id = @personId AND 1 = 0"))
        {
            for (var run = 0; run < 5; run++)
            {
                if (await HowManyEndEachOther() > 1)
                {
                    return;
                }
            }
        }

        Assert.Fail("The race was never lost: the test of it shows nothing.");
    }
}

public abstract class StaffAccountTests(TestHouse house)
{
    private const string Path = "/api/v1/office/staff-accounts";

    [Fact]
    public async Task The_list_shows_accounts_within_reach_with_grants_and_TOTP_state()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        await officer.SignIn();

        var item = await ItemAsync(await Security(), officer.Id);
        Assert.Equal("membership_officer", item.GetProperty("grants")[0].GetProperty("role").GetString());
        Assert.Equal("翟坡镇总工会", item.GetProperty("grants")[0].GetProperty("unionName").GetString());
        Assert.True(item.GetProperty("hasTotp").GetBoolean());
        Assert.Equal(10, item.GetProperty("recoveryCodesLeft").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, item.GetProperty("lastSignInAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, item.GetProperty("disabledAt").ValueKind);

        var branch = await house.Staff(Role.SecurityAdministrator, "xiaoji");
        Assert.DoesNotContain((await branch.Get(Path + "?take=50")).Items, i => i.GetProperty("id").GetString() == officer.Id);
        (await (await house.Staff(Role.UnionChair, "county")).Get(Path)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Get(Path)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task A_grant_is_given_and_taken_back_at_once_and_stays_as_history()
    {
        var (security, officer) = (await Security(), await Invited.JoinAsync(house, Role.ActivityOrganiser, "zhaipo"));
        var session = await officer.SignIn();
        var path = $"{Path}/{officer.Id}/grants/membership_officer/{await house.UnionId("zhaipo")}";
        (await session.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.Forbidden, "not_allowed");

        var given = (await security.Put(path, null)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(given["grantedAt"], (await security.Put(path, null)).MustBe(HttpStatusCode.OK)["grantedAt"]);
        (await session.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.OK);

        (await security.Delete(path)).MustBe(HttpStatusCode.NoContent);
        (await security.Delete(path)).MustBe(HttpStatusCode.NoContent);
        (await session.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        Assert.Equal(1, await house.Number(
            $"SELECT COUNT(*) FROM past_grants WHERE person_id = '{officer.Id}' AND role = 'membership_officer' AND granted_by = ended_by AND granted_at < ended_at"));
        Assert.Equal(2, await house.Number(
            $"SELECT COUNT(*) FROM audit_entries WHERE record_id = '{officer.Id}' AND deed IN ('give_membership_officer', 'take_membership_officer')"));
    }

    [Fact]
    public async Task Grants_beyond_reach_and_things_that_are_not_there_are_404()
    {
        var (security, officer) = (await Security(), await Invited.JoinAsync(house, Role.ActivityOrganiser, "zhaipo"));
        var branch = await house.Staff(Role.SecurityAdministrator, "xiaoji");
        var (zhaipo, xiaoji) = (await house.UnionId("zhaipo"), await house.UnionId("xiaoji"));

        (await branch.Put($"{Path}/{officer.Id}/grants/counsellor/{xiaoji}", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await branch.Delete($"{Path}/{officer.Id}/grants/activity_organiser/{zhaipo}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await security.Put($"{Path}/{officer.Id}/grants/emperor/{zhaipo}", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await security.Put($"{Path}/{officer.Id}/grants/counsellor/{new string('0', 32)}", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await security.Put($"{Path}/{new string('0', 32)}/grants/counsellor/{zhaipo}", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await security.Post($"{Path}/{new string('0', 32)}/disabling", new { reason = "已离职" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await branch.Post($"{Path}/{officer.Id}/disabling", new { reason = "已离职" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await branch.PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task What_concerns_the_whole_account_needs_reach_over_all_of_it()
    {
        var (security, officer) = (await Security(), await Invited.JoinAsync(house, Role.ActivityOrganiser, "zhaipo"));
        (await security.Put($"{Path}/{officer.Id}/grants/counsellor/{await house.UnionId("xiaoji")}", null)).MustBe(HttpStatusCode.OK);
        var branch = await house.Staff(Role.SecurityAdministrator, "xiaoji");

        (await branch.Post($"{Path}/{officer.Id}/disabling", new { reason = "已离职" })).MustBe(HttpStatusCode.Conflict, "grants_beyond_reach");
        (await branch.PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.Conflict, "grants_beyond_reach");
        (await branch.Delete($"{Path}/{officer.Id}/grants/counsellor/{await house.UnionId("xiaoji")}")).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Nobody_changes_her_own_account()
    {
        var me = await Invited.JoinAsync(house, Role.SecurityAdministrator, "county");
        var session = await me.SignIn();
        var grant = $"{Path}/{me.Id}/grants/security_administrator/{await house.UnionId("county")}";
        (await session.Put(grant, null)).MustBe(HttpStatusCode.Conflict, "own_account");
        (await session.Delete(grant)).MustBe(HttpStatusCode.Conflict, "own_account");
        (await session.Post($"{Path}/{me.Id}/disabling", new { reason = "不干了" })).MustBe(HttpStatusCode.Conflict, "own_account");
        (await session.PostWithoutKey($"{Path}/{me.Id}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.Conflict, "own_account");
    }

    [Fact]
    public async Task The_three_administrators_exclude_each_other_and_everything_operative()
    {
        var security = await Security();
        var county = await house.UnionId("county");
        var (auditor, officer) = (await Invited.JoinAsync(house, Role.Auditor, "county"), await Invited.JoinAsync(house, Role.MembershipOfficer, "county"));

        foreach (var role in new[] { Role.SecurityAdministrator, Role.SystemAdministrator, Role.MembershipOfficer })
        {
            (await security.Put($"{Path}/{auditor.Id}/grants/{role.Word()}/{county}", null)).MustBe(HttpStatusCode.Conflict, "duties_exclude");
        }

        (await security.Put($"{Path}/{officer.Id}/grants/auditor/{county}", null)).MustBe(HttpStatusCode.Conflict, "duties_exclude");
        (await security.Put($"{Path}/{officer.Id}/grants/counsellor/{county}", null)).MustBe(HttpStatusCode.OK);
        (await security.Delete($"{Path}/{auditor.Id}/grants/auditor/{county}")).MustBe(HttpStatusCode.NoContent);
        (await security.Put($"{Path}/{auditor.Id}/grants/system_administrator/{county}", null)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_duties_given_at_once_end_as_one()
    {
        for (var run = 0; run < 3; run++)
        {
            Assert.Equal(1, await HowManyDutiesAtOnce());
        }
    }

    [Fact]
    public async Task Control_without_its_guard_one_person_gets_two_duties()
    {
        using (house.Guards.Off(" AND (duty IS NULL OR duty = @duty)"))
        {
            Assert.Equal(2, await HowManyDutiesAtOnce());
        }
    }

    [Fact]
    public async Task Whoever_has_no_second_factor_gets_no_role_that_needs_one()
    {
        // As accounts are that were invited when their role needed none.
        var clerk = await Invited.JoinAsync(house, Role.Employer, "jinsui");
        await house.Execute($"UPDATE staff_accounts SET totp_sealed = NULL WHERE person_id = '{clerk.Id}'");
        var path = $"{Path}/{clerk.Id}/grants/membership_officer/{await house.UnionId("jinsui")}";
        (await (await Security()).Put(path, null)).MustBe(HttpStatusCode.Conflict, "totp_not_set_up");
    }

    [Fact]
    public async Task Disabling_ends_sessions_grants_and_links_at_once_and_is_safe_to_repeat()
    {
        var (security, chair) = (await Security(), await Invited.JoinAsync(house, Role.UnionChair, "zhaipo"));
        var session = await chair.SignIn();
        (await session.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        var invitation = await Invited.LinkAsync(house, session, Role.Employer, "jinsui");
        var reset = (await security.PostWithoutKey($"{Path}/{chair.Id}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.Created)["token"];
        var key = Guid.NewGuid().ToString("N");

        var first = (await security.Post($"{Path}/{chair.Id}/disabling", new { reason = "已调离" }, key)).MustBe(HttpStatusCode.Created);
        var again = (await security.Post($"{Path}/{chair.Id}/disabling", new { reason = "已调离" }, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(first["id"], again["id"]);
        (await security.Post($"{Path}/{chair.Id}/disabling", new { reason = "已调离" })).MustBe(HttpStatusCode.Conflict, "account_disabled");
        (await security.PostWithoutKey($"{Path}/{chair.Id}/disabling", new { reason = "已调离" })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");

        (await session.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await chair.TrySignIn(chair.NextCode())).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        (await chair.TrySignIn(recoveryCode: chair.RecoveryCodes[0])).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        foreach (var token in new[] { invitation, reset })
        {
            (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token })).MustBe(HttpStatusCode.Conflict, "link_unusable");
        }

        var path = $"{Path}/{chair.Id}/grants/union_chair/{await house.UnionId("zhaipo")}";
        (await security.Put(path, null)).MustBe(HttpStatusCode.Conflict, "account_disabled");
        (await security.PostWithoutKey($"{Path}/{chair.Id}/reset-links", new { reason = "忘记密码" })).MustBe(HttpStatusCode.Conflict, "account_disabled");
        Assert.NotEqual(JsonValueKind.Null, (await ItemAsync(security, chair.Id)).GetProperty("disabledAt").ValueKind);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM grants WHERE person_id = '{chair.Id}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM past_grants WHERE person_id = '{chair.Id}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM staff_disablings WHERE reason_sealed LIKE '%已调离%'"));
    }

    [Fact]
    public async Task A_disabled_account_comes_back_by_a_fresh_link_only_with_everything_new()
    {
        var (security, officer) = (await Security(), await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo"));
        var body = new { role = "auditor", unionId = await house.UnionId("zhaipo") };
        (await security.PostWithoutKey($"{Path}/{officer.Id}/enabling", body)).MustBe(HttpStatusCode.Conflict, "account_not_disabled");
        (await security.Post($"{Path}/{officer.Id}/disabling", new { reason = "休长假" })).MustBe(HttpStatusCode.Created);

        var token = (await security.PostWithoutKey($"{Path}/{officer.Id}/enabling", body)).MustBe(HttpStatusCode.Created)["token"];
        var check = (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token })).MustBe(HttpStatusCode.OK);
        Assert.Equal(("enabling", officer.Name), (check["kind"], check["accountName"]));
        var back = await Invited.AcceptAsync(house, token, null);

        Assert.Equal((officer.Id, officer.Name), (back.Id, back.Name));
        Assert.NotEqual(officer.Secret, back.Secret);
        (await back.TrySignIn(recoveryCode: officer.RecoveryCodes[0])).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        var session = await back.SignIn();
        Assert.Equal("auditor", (await session.Get("/api/v1/office/me")).Body.GetProperty("grants")[0].GetProperty("role").GetString());
        (await session.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task A_reset_link_renews_password_and_TOTP_and_ends_all_sessions()
    {
        var (security, officer) = (await Security(), await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo"));
        var session = await officer.SignIn();
        var older = (await security.PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { reason = "手机丢失,已当面核对身份证" })).MustBe(HttpStatusCode.Created)["token"];
        var token = (await security.PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { reason = "手机丢失,已当面核对身份证" })).MustBe(HttpStatusCode.Created)["token"];
        (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token = older })).MustBe(HttpStatusCode.Conflict, "link_unusable");
        (await session.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);

        var renewed = await Invited.AcceptAsync(house, token, null, "quite another sentence");

        (await session.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await officer.TrySignIn(officer.NextCode())).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        (await renewed.TrySignIn(officer.NextCode(), password: "quite another sentence")).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        (await renewed.TrySignIn(renewed.NextCode(), password: "quite another sentence")).MustBe(HttpStatusCode.Created);
        Assert.Equal(2, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'reset_staff' AND record_id = '{officer.Id}'"));
        (await security.PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await house.Staff(Role.SystemAdministrator, "county")).PostWithoutKey($"{Path}/{officer.Id}/reset-links", new { reason = "忘记密码" }))
            .MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task Of_two_administrators_who_end_each_other_one_stays()
    {
        for (var run = 0; run < 3; run++)
        {
            Assert.Equal(1, await HowManyEndEachOther());
        }
    }

    [Fact]
    public async Task An_invitation_dies_with_the_right_to_invite()
    {
        var (security, chair) = (await Security(), await Invited.JoinAsync(house, Role.UnionChair, "zhaipo"));
        var token = await Invited.LinkAsync(house, await chair.SignIn(), Role.Employer, "jinsui");
        (await security.Delete($"{Path}/{chair.Id}/grants/union_chair/{await house.UnionId("zhaipo")}")).MustBe(HttpStatusCode.NoContent);
        (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-acceptances", new { token, name = Invited.NewName(), password = Invited.Password }))
            .MustBe(HttpStatusCode.Conflict, "link_unusable");
    }

    protected async Task<int> HowManyEndEachOther()
    {
        var (one, other) = (await NewAdministrator(), await NewAdministrator());
        var answers = await Task.WhenAll(
            one.Session.Post($"{Path}/{other.Id}/disabling", new { reason = "互相停用" }),
            other.Session.Post($"{Path}/{one.Id}/disabling", new { reason = "互相停用" }));
        return answers.Count(a => a.Status == HttpStatusCode.Created);
    }

    private async Task<int> HowManyDutiesAtOnce()
    {
        var (one, other) = (await NewAdministrator(), await NewAdministrator());
        var person = await Invited.JoinAsync(house, Role.Auditor, "county");
        var county = await house.UnionId("county");
        (await one.Session.Delete($"{Path}/{person.Id}/grants/auditor/{county}")).MustBe(HttpStatusCode.NoContent);

        var answers = await Task.WhenAll(
            one.Session.Put($"{Path}/{person.Id}/grants/auditor/{county}", null),
            other.Session.Put($"{Path}/{person.Id}/grants/system_administrator/{county}", null));

        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "duties_exclude"));
        return (int)await house.Number($"SELECT COUNT(*) FROM grants WHERE person_id = '{person.Id}'");
    }

    private async Task<(string Id, Person Session)> NewAdministrator()
    {
        var name = Invited.NewName();
        await house.AddStaffAsync(name, Role.SecurityAdministrator, "county");
        var session = await house.SignInStaff(name);
        return ((await session.Get("/api/v1/office/me"))["personId"], session);
    }

    private Task<Person> Security() => house.Staff(Role.SecurityAdministrator, "county");

    private static async Task<JsonElement> ItemAsync(Person reader, string id)
    {
        string? after = null;
        do
        {
            var page = (await reader.Get($"{Path}?take=50{(after is null ? "" : $"&after={after}")}")).MustBe(HttpStatusCode.OK);
            if (page.Items.FirstOrDefault(i => i.GetProperty("id").GetString() == id) is { ValueKind: JsonValueKind.Object } item)
            {
                return item;
            }

            after = page.Body.GetProperty("next").GetString();
        }
        while (after is not null);
        throw new InvalidOperationException("The account is not in the list.");
    }
}
