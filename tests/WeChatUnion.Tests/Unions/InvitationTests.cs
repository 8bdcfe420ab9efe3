using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class InvitationOnSqlite(SqliteHouse house) : InvitationTests(house), IClassFixture<SqliteHouse>;

public sealed class InvitationOnMariaDb(MariaDbHouse house) : InvitationTests(house), IClassFixture<MariaDbHouse>;

public abstract class InvitationTests(TestHouse house)
{
    private const string Path = "/api/v1/office/staff-invitations";
    private const string Checks = "/api/v1/office/invitation-checks";
    private const string Acceptances = "/api/v1/office/invitation-acceptances";

    [Fact]
    public async Task A_colleague_is_invited_looks_at_the_link_accepts_and_works()
    {
        var security = await house.Staff(Role.SecurityAdministrator, "county");
        var link = (await security.PostWithoutKey(Path, await Body(Role.MembershipOfficer, "zhaipo"))).MustBe(HttpStatusCode.Created);
        Assert.True(link["token"].Length >= 43);
        Assert.Equal(house.Clock.GetUtcNow().AddHours(24), DateTimeOffset.Parse(link["expiresAt"], null));

        var check = (await house.Anonymous().PostWithoutKey(Checks, new { token = link["token"] })).MustBe(HttpStatusCode.OK);
        Assert.Equal(("invitation", "新来的同事", "membership_officer", "翟坡镇总工会"), (check["kind"], check["displayName"], check["role"], check["unionName"]));
        Assert.Contains("secret=" + check["totpSecret"], check["totpAddress"], StringComparison.Ordinal);
        Assert.StartsWith("otpauth://totp/", check["totpAddress"], StringComparison.Ordinal);
        Assert.True(check.Response.Headers.CacheControl?.NoStore);

        var officer = await (await Invited.AcceptAsync(house, link["token"], Invited.NewName())).SignIn();
        var grant = (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK).Body.GetProperty("grants")[0];
        Assert.Equal("membership_officer", grant.GetProperty("role").GetString());
        (await officer.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM staff_links WHERE token_hash = '{link["token"]}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'invite_staff' AND record_id = '{link["id"]}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'accept_invitation' AND record_id = '{link["id"]}'"));
    }

    [Fact]
    public async Task A_link_works_once_also_for_twenty_at_once()
    {
        var token = await LinkAsync(Role.Employer, "jinsui");
        var code = Invited.CodeOf(house, (await Check(token))["totpSecret"]);
        var names = Enumerable.Range(0, 20).Select(_ => Invited.NewName()).ToList();

        var answers = await Task.WhenAll(names.Select(name => Accept(token, name, Invited.Password, code)));

        Assert.Equal(1, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "link_unusable"));
        (await Check(token)).MustBe(HttpStatusCode.Conflict, "link_unusable");
    }

    [Fact]
    public async Task A_link_lives_for_24_hours_to_the_millisecond()
    {
        var token = await LinkAsync(Role.Employer, "jinsui");
        house.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        (await Check(token)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Check(token)).MustBe(HttpStatusCode.Conflict, "link_unusable");
        (await Accept(token, Invited.NewName())).MustBe(HttpStatusCode.Conflict, "link_unusable");
        (await Check(new string('x', 43))).MustBe(HttpStatusCode.Conflict, "link_unusable");
    }

    [Fact]
    public async Task An_employers_clerk_reads_applicants_and_needs_a_second_factor()
    {
        var clerk = await Invited.JoinAsync(house, Role.Employer, "jinsui");
        Assert.NotEmpty(clerk.RecoveryCodes);
        (await clerk.TrySignIn()).MustBe(HttpStatusCode.Unauthorized, "totp_needed");
        (await clerk.TrySignIn(clerk.NextCode())).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_acceptance_says_at_each_field_what_is_wrong_and_leaves_the_link_open()
    {
        var token = await LinkAsync(Role.MembershipOfficer, "zhaipo");
        var secret = (await Check(token))["totpSecret"];
        var (name, right) = (Invited.NewName(), Invited.CodeOf(house, secret));

        foreach (var (field, answer) in new[]
        {
            ("password", await Accept(token, name, "short", right)),
            ("password", await Accept(token, name, "password2026", right)),
            ("password", await Accept(token, "wang-lihua", "wang-lihua-wang", right)),
            ("totpCode", await Accept(token, name, Invited.Password, null)),
            ("totpCode", await Accept(token, name, Invited.Password, "000000")),
            ("totpCode", await Accept(token, name, Invited.Password, "12345")),
            ("name", await Accept(token, null, Invited.Password, right)),
            ("name", await Accept(token, "王丽华", Invited.Password, right)),
        })
        {
            answer.MustBe(HttpStatusCode.BadRequest, "malformed");
            Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", answer.Body.GetProperty("errors").GetProperty(field)[0].GetString()!);
        }

        var taken = await Invited.JoinAsync(house, Role.Employer, "jinsui");
        (await Accept(token, taken.Name, Invited.Password, right)).MustBe(HttpStatusCode.Conflict, "account_name_taken");
        (await Accept(token, name, Invited.Password, right)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_chair_invites_to_operative_roles_at_her_union_and_below()
    {
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        (await chair.PostWithoutKey(Path, await Body(Role.MembershipOfficer, "zhaipo"))).MustBe(HttpStatusCode.Created);
        (await chair.PostWithoutKey(Path, await Body(Role.Employer, "jinsui"))).MustBe(HttpStatusCode.Created);
        (await chair.PostWithoutKey(Path, await Body(Role.MembershipOfficer, "xiaoji"))).MustBe(HttpStatusCode.NotFound, "not_found");
        (await chair.PostWithoutKey(Path, await Body(Role.MembershipOfficer, "county"))).MustBe(HttpStatusCode.NotFound, "not_found");
        foreach (var role in new[] { Role.SecurityAdministrator, Role.SystemAdministrator, Role.Auditor })
        {
            (await chair.PostWithoutKey(Path, await Body(role, "zhaipo"))).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        }
    }

    [Fact]
    public async Task Others_invite_nobody()
    {
        var body = await Body(Role.MembershipOfficer, "zhaipo");
        (await house.Anonymous().PostWithoutKey(Path, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).PostWithoutKey(Path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        foreach (var role in new[] { Role.MembershipOfficer, Role.SystemAdministrator, Role.Auditor })
        {
            (await (await house.Staff(role, "county")).PostWithoutKey(Path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        }

        var branch = await house.Staff(Role.SecurityAdministrator, "xiaoji");
        (await branch.PostWithoutKey(Path, body)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("""{"role":"membership_officer","unionId":"00000000000000000000000000000000"}""")]
    [InlineData("""{"displayName":"新","role":"emperor","unionId":"00000000000000000000000000000000"}""")]
    [InlineData("""{"displayName":"新","role":3,"unionId":"00000000000000000000000000000000"}""")]
    [InlineData("""{"displayName":"新","role":"auditor","unionId":"county"}""")]
    [InlineData("""{"displayName":"","role":"auditor","unionId":"00000000000000000000000000000000"}""")]
    [InlineData("{}")]
    public async Task A_malformed_invitation_is_refused(string body) =>
        (await (await house.Staff(Role.SecurityAdministrator, "county")).SendRaw(HttpMethod.Post, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task An_open_invitation_is_listed_within_reach_and_can_be_withdrawn()
    {
        var security = await house.Staff(Role.SecurityAdministrator, "county");
        var link = (await security.PostWithoutKey(Path, await Body(Role.Auditor, "zhaipo"))).MustBe(HttpStatusCode.Created);
        var (chair, branch) = (await house.Staff(Role.UnionChair, "zhaipo"), await house.Staff(Role.UnionChair, "xiaoji"));

        Assert.Contains((await security.Get(Path)).Items, i => i.GetProperty("id").GetString() == link["id"]);
        Assert.Contains((await chair.Get(Path)).Items, i => i.GetProperty("id").GetString() == link["id"]);
        Assert.DoesNotContain((await branch.Get(Path)).Items, i => i.GetProperty("id").GetString() == link["id"]);
        Assert.DoesNotContain(link["token"], (await security.Get(Path)).Text, StringComparison.Ordinal);

        (await branch.Delete($"{Path}/{link["id"]}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await chair.Delete($"{Path}/{link["id"]}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await security.Delete($"{Path}/{new string('0', 32)}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await security.Delete($"{Path}/{link["id"]}")).MustBe(HttpStatusCode.NoContent);
        (await security.Delete($"{Path}/{link["id"]}")).MustBe(HttpStatusCode.NoContent);
        (await Check(link["token"])).MustBe(HttpStatusCode.Conflict, "link_unusable");
        Assert.DoesNotContain((await security.Get(Path)).Items, i => i.GetProperty("id").GetString() == link["id"]);
    }

    private async Task<object> Body(Role role, string union) =>
        new { displayName = "新来的同事", role = role.Word(), unionId = await house.UnionId(union) };

    private async Task<string> LinkAsync(Role role, string union) =>
        await Invited.LinkAsync(house, await house.Staff(Role.SecurityAdministrator, "county"), role, union);

    private Task<Answer> Check(string token) => house.Anonymous().PostWithoutKey(Checks, new { token });

    private Task<Answer> Accept(string token, string? name, string password = Invited.Password, string? totpCode = null) =>
        house.Anonymous().PostWithoutKey(Acceptances, new { token, name, password, totpCode });
}
