using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class ChangePasswordOnSqlite(SqliteHouse house) : ChangePasswordTests(house), IClassFixture<SqliteHouse>;

public sealed class ChangePasswordOnMariaDb(MariaDbHouse house) : ChangePasswordTests(house), IClassFixture<MariaDbHouse>;

public abstract class ChangePasswordTests(TestHouse house)
{
    private const string Path = "/api/v1/office/me/password";
    private const string New = "a wholly other sentence";

    [Fact]
    public async Task Old_password_and_code_change_it_and_end_all_other_sessions()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        var (here, there) = (await officer.SignIn(), await officer.SignIn());

        (await here.Put(Path, new { oldPassword = Invited.Password, newPassword = New, totpCode = officer.NextCode() })).MustBe(HttpStatusCode.NoContent);

        (await here.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        (await there.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await officer.TrySignIn(officer.NextCode())).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        (await officer.TrySignIn(officer.NextCode(), password: New)).MustBe(HttpStatusCode.Created);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'change_password' AND record_id = '{officer.Id}'"));
    }

    [Fact]
    public async Task A_wrong_proof_is_refused_and_counts()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        var here = await officer.SignIn();

        (await here.Put(Path, new { oldPassword = "not it", newPassword = New, totpCode = officer.NextCode() })).MustBe(HttpStatusCode.Conflict, "proof_refused");
        (await here.Put(Path, new { oldPassword = Invited.Password, newPassword = New })).MustBe(HttpStatusCode.Conflict, "proof_refused");
        for (var i = 0; i < 3; i++)
        {
            (await here.Put(Path, new { oldPassword = Invited.Password, newPassword = New, totpCode = "000000" })).MustBe(HttpStatusCode.Conflict, "proof_refused");
        }

        (await here.Put(Path, new { oldPassword = Invited.Password, newPassword = New, totpCode = "000000" })).MustBe(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await here.Put(Path, new { oldPassword = Invited.Password, newPassword = New, recoveryCode = "aaaa-aaaa-aaaa-aaaa", totpCode = "000000" }))
            .MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("password12345")]
    public async Task A_weak_new_password_is_refused_with_a_sentence_at_its_field(string newPassword)
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        var here = await officer.SignIn();
        var answer = (await here.Put(Path, new { oldPassword = Invited.Password, newPassword, totpCode = officer.NextCode() }))
            .MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", answer.Body.GetProperty("errors").GetProperty("newPassword")[0].GetString()!);
    }

    [Fact]
    public async Task Nobody_without_a_staff_session_changes_a_password()
    {
        (await house.Anonymous().Put(Path, new { oldPassword = "x", newPassword = New })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Put(Path, new { oldPassword = "x", newPassword = New })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
