using System.Globalization;
using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class RebindWeChatOnSqlite(SqliteHouse house) : RebindWeChatTests(house), IClassFixture<SqliteHouse>;

public sealed class RebindWeChatOnMariaDb(MariaDbHouse house) : RebindWeChatTests(house), IClassFixture<MariaDbHouse>;

public abstract class RebindWeChatTests(TestHouse house)
{
    private const string Codes = "/api/v1/me/rebinding-codes";
    private const string Me = "/api/v1/me/membership-application";

    private static int people;

    [Fact]
    public async Task A_member_with_a_new_WeChat_account_gets_her_membership_back()
    {
        var (oldUser, newUser) = (house.NewUser(), house.NewUser());
        var old = await MemberAsync(oldUser);
        var (lost, found) = (await house.Worker(oldUser), await house.Worker(newUser));
        var code = await CodeAsync(found);
        var officer = await Officer();
        var key = Guid.NewGuid().ToString("N");
        var body = new { code, reason = "手机丢失,已核对身份证原件" };

        var first = (await officer.Post(PathOf(old.MembershipId), body, key)).MustBe(HttpStatusCode.Created);
        var again = (await officer.Post(PathOf(old.MembershipId), body, key)).MustBe(HttpStatusCode.Created);

        Assert.Equal(first["id"], again["id"]);
        (await lost.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await found.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        var me = await house.Worker(newUser);
        Assert.Equal(old.PersonId, (await me.Get("/api/v1/me"))["personId"]);
        var stranger = (await house.SignIn(oldUser)).MustBe(HttpStatusCode.Created);
        Assert.Equal("True", stranger["isNew"]);
        Assert.NotEqual(old.PersonId, stranger["personId"]);

        Assert.Contains((await me.Get("/api/v1/me/messages")).Items, m => m.GetProperty("kind").GetString() == "wechat_rebound");
        Assert.Equal(1, await house.Number(
            $"SELECT COUNT(*) FROM wechat_rebindings WHERE person_id = '{old.PersonId}' AND ended_open_id = '{house.WeChat.OpenIdOf(oldUser)}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'rebind_wechat' AND record_id = '{old.MembershipId}'"));
    }

    [Fact]
    public async Task A_code_works_once_for_ten_minutes_and_a_newer_one_voids_it()
    {
        var old = await MemberAsync(house.NewUser());
        var officer = await Officer();
        var found = await house.Worker();
        var older = await CodeAsync(found);
        var code = await CodeAsync(found);

        (await Rebind(officer, old, older)).MustBe(HttpStatusCode.Conflict, "rebinding_code_unusable");
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Rebind(officer, old, code)).MustBe(HttpStatusCode.Conflict, "rebinding_code_unusable");

        code = await CodeAsync(found);
        house.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        (await Rebind(officer, old, code)).MustBe(HttpStatusCode.Created);
        (await Rebind(officer, old, code)).MustBe(HttpStatusCode.Conflict, "rebinding_code_unusable");
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM rebinding_codes WHERE code_hash LIKE '%{code}%'"));
    }

    [Fact]
    public async Task Five_desks_with_one_code_rebind_once()
    {
        var old = await MemberAsync(house.NewUser());
        var officer = await Officer();
        var code = await CodeAsync(await house.Worker());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Rebind(officer, old, code)));

        Assert.Equal(1, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "rebinding_code_unusable"));
    }

    [Fact]
    public async Task Two_codes_for_one_member_at_once_leave_her_with_one_account_and_the_others_as_history()
    {
        var old = await MemberAsync(house.NewUser());
        var officer = await Officer();
        var codes = new[] { await CodeAsync(await house.Worker()), await CodeAsync(await house.Worker()) };

        var answers = await Task.WhenAll(codes.Select(code => Rebind(officer, old, code)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.Created));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM wechat_accounts WHERE person_id = '{old.PersonId}'"));
        Assert.Equal(2, await house.Number($"SELECT COUNT(DISTINCT ended_open_id) FROM wechat_rebindings WHERE person_id = '{old.PersonId}'"));
    }

    [Fact]
    public async Task Whoever_has_a_membership_or_an_application_of_her_own_is_not_merged()
    {
        var (old, otherUser) = (await MemberAsync(house.NewUser()), house.NewUser());
        var other = await MemberAsync(otherUser);
        var officer = await Officer();
        var session = await house.Worker(otherUser);

        (await Rebind(officer, old, await CodeAsync(session))).MustBe(HttpStatusCode.Conflict, "rebinding_person_not_empty");
        (await Rebind(officer, other, await CodeAsync(session))).MustBe(HttpStatusCode.Conflict, "rebinding_person_not_empty");
        (await session.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);

        var user = house.NewUser();
        var applicant = await house.Worker(user);
        await ApplyAsync(applicant, user);
        (await Rebind(officer, old, await CodeAsync(applicant))).MustBe(HttpStatusCode.Conflict, "rebinding_person_not_empty");
    }

    [Fact]
    public async Task Only_an_officer_with_reach_over_the_membership_rebinds_and_not_by_trying_codes()
    {
        var old = await MemberAsync(house.NewUser());
        var code = await CodeAsync(await house.Worker());
        var body = new { code, reason = "已核对身份证" };

        (await house.Anonymous().Post(PathOf(old.MembershipId), body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Post(PathOf(old.MembershipId), body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.SecurityAdministrator, "county")).Post(PathOf(old.MembershipId), body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await Rebind(await house.Staff(Role.MembershipOfficer, "xiaoji"), old, code)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await Officer()).Post(PathOf(new string('0', 32)), body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await Officer()).PostWithoutKey(PathOf(old.MembershipId), body)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        foreach (var wrong in new object[] { new { code }, new { code = "1234", reason = "已核对" }, new { reason = "已核对" } })
        {
            (await (await Officer()).Post(PathOf(old.MembershipId), wrong)).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        var guesser = await house.Staff(Role.UnionChair, "zhaipo");
        for (var i = 0; i < 10; i++)
        {
            (await Rebind(guesser, old, $"0000000{i}")).MustBe(HttpStatusCode.Conflict, "rebinding_code_unusable");
        }

        (await Rebind(guesser, old, code)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task A_worker_takes_five_codes_an_hour()
    {
        var worker = await house.Worker();
        for (var i = 0; i < 5; i++)
        {
            await CodeAsync(worker);
        }

        (await worker.PostWithoutKey(Codes, null)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await house.Anonymous().PostWithoutKey(Codes, null)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await Officer()).PostWithoutKey(Codes, null)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private static string PathOf(string membershipId) => $"/api/v1/office/memberships/{membershipId}/wechat-rebindings";

    private static Task<Answer> Rebind(Person officer, (string PersonId, string MembershipId) member, string code) =>
        officer.Post(PathOf(member.MembershipId), new { code, reason = "手机丢失,已核对身份证原件" });

    private static async Task<string> CodeAsync(Person worker)
    {
        var code = (await worker.PostWithoutKey(Codes, null)).MustBe(HttpStatusCode.Created)["code"];
        Assert.Matches("^[0-9]{8}$", code);
        return code;
    }

    /// <summary>Officers are many: a test must not use up another's tries.</summary>
    private async Task<Person> Officer()
    {
        var name = Invited.NewName();
        await house.AddStaffAsync(name, Role.MembershipOfficer, "zhaipo");
        return await house.SignInStaff(name);
    }

    private async Task<(string PersonId, string MembershipId)> MemberAsync(string user)
    {
        var worker = await house.Worker(user);
        var (idNumber, version) = await ApplyAsync(worker, user);
        var officer = await Officer();
        var found = (await officer.PostWithoutKey("/api/v1/office/member-searches", new { idNumber, reason = "核实入会申请人" })).MustBe(HttpStatusCode.OK);
        var application = found.Items.Single().GetProperty("applicationId").GetString();
        var approved = (await officer.Post($"/api/v1/office/membership-applications/{application}/approval", new { version })).MustBe(HttpStatusCode.OK);
        return ((await worker.Get("/api/v1/me"))["personId"], approved["membershipId"]);
    }

    private async Task<(string IdNumber, int Version)> ApplyAsync(Person worker, string user)
    {
        var number = Interlocked.Increment(ref people);
        var idNumber = MadeUpIdNumber(number);
        var phone = house.WeChat.IssuePhoneCode(user, string.Create(CultureInfo.InvariantCulture, $"1390374{number:0000}"));
        (await worker.Put("/api/v1/me/phone", new { code = phone })).MustBe(HttpStatusCode.OK);
        var version = (await worker.Put($"{Me}/identity", new
        {
            name = "陈晓光",
            idType = "1",
            idNumber,
            idValidTo = "long_term",
            ethnicity = "01",
        })).MustBe(HttpStatusCode.OK).Version;
        version = (await worker.Put($"{Me}/work", new
        {
            version,
            unionId = await house.UnionId("jinsui"),
            employerName = "新乡县金穗面粉有限公司",
            post = "质检员",
            employmentStatus = "1",
            employmentForm = "1",
            newFormOfEmployment = "0",
        })).MustBe(HttpStatusCode.OK).Version;
        version = (await worker.Put($"{Me}/profile", new
        {
            version,
            education = "31",
            politicalStatus = "13",
            homeDivision = "410721101",
        })).MustBe(HttpStatusCode.OK).Version;
        var text = await worker.Get("/api/v1/consent-texts/membership");
        (await worker.Put("/api/v1/me/consents/membership", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
        return (idNumber, (await worker.Post($"{Me}/submission", new { version })).MustBe(HttpStatusCode.OK).Version);
    }

    /// <summary>Nobody's number, with its check character (GB 11643).</summary>
    private static string MadeUpIdNumber(int number)
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var digits = string.Create(CultureInfo.InvariantCulture, $"41072119{70 + (number / 500):00}0101{number % 500 * 2 + 1:000}");
        return digits + "10X98765432"[digits.Select((d, i) => (d - '0') * weights[i]).Sum() % 11];
    }
}
