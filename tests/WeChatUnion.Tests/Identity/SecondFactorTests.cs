using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class SecondFactorOnSqlite(SqliteHouse house) : SecondFactorTests(house), IClassFixture<SqliteHouse>;

public sealed class SecondFactorOnMariaDb(MariaDbHouse house) : SecondFactorTests(house), IClassFixture<MariaDbHouse>;

public abstract class SecondFactorTests(TestHouse house)
{
    [Fact]
    public void Whoever_passes_a_policy_by_role_needs_a_second_factor() =>
        Assert.All(Policies.Names.SelectMany(Policies.RolesOf), role => Assert.Contains(role, SecondFactor.Roles));

    [Fact]
    public async Task A_code_is_asked_for_only_after_the_right_password()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");

        (await officer.TrySignIn(password: "not the password")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        (await officer.TrySignIn(officer.NextCode(), password: "not the password")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        (await officer.TrySignIn()).MustBe(HttpStatusCode.Unauthorized, "totp_needed");
        (await officer.TrySignIn(officer.NextCode())).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_code_passes_one_step_early_or_late_and_never_twice()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        house.Clock.Advance(TimeSpan.FromMinutes(5));

        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!, -2))).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!, 2))).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!, -1))).MustBe(HttpStatusCode.Created);
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!, -1))).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!, 1))).MustBe(HttpStatusCode.Created);
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!))).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
    }

    [Fact]
    public async Task The_code_that_set_up_the_account_does_not_sign_in_as_well()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        (await officer.TrySignIn(Invited.CodeOf(house, officer.Secret!))).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
    }

    [Fact]
    public async Task A_wrong_code_counts_as_an_attempt()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        for (var i = 0; i < 5; i++)
        {
            (await officer.TrySignIn("000000")).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        }

        var answer = (await officer.TrySignIn("000000")).MustBe(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        (await officer.TrySignIn(officer.NextCode())).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_however_it_is_typed()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        var (first, second) = (officer.RecoveryCodes[0], officer.RecoveryCodes[1]);

        Assert.Equal(10, officer.RecoveryCodes.Distinct().Count());
        (await officer.TrySignIn(recoveryCode: first)).MustBe(HttpStatusCode.Created);
        (await officer.TrySignIn(recoveryCode: first)).MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code");
        (await officer.TrySignIn(recoveryCode: second.ToUpperInvariant().Replace('-', ' '))).MustBe(HttpStatusCode.Created);
        (await officer.TrySignIn(officer.NextCode(), officer.RecoveryCodes[2])).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal(2, await house.Number(
            $"SELECT COUNT(*) FROM audit_entries WHERE deed = 'use_recovery_code' AND record_id = '{officer.Id}'"));
    }

    [Fact]
    public async Task Of_four_with_the_same_code_one_gets_in()
    {
        var (one, another) = (await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo"), await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo"));

        Assert.Equal(1, await HowManyGetIn(one, one.NextCode(), null));
        Assert.Equal(1, await HowManyGetIn(another, null, another.RecoveryCodes[0]));
    }

    /// <summary>The row of her attempts is made by the first, forgotten by the one that gets in, and made anew by the next.</summary>
    [Fact]
    public async Task Whoever_signs_in_from_several_devices_at_once_gets_in_with_each()
    {
        for (var round = 0; round < 5; round++)
        {
            var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
            var answers = await Task.WhenAll(officer.RecoveryCodes.Take(4).Select(code => officer.TrySignIn(recoveryCode: code)));
            Assert.All(answers, answer => answer.MustBe(HttpStatusCode.Created));
        }
    }

    [Theory]
    [InlineData(" AND totp_step < @step", true)]
    [InlineData(" AND used_at IS NULL", false)]
    public async Task Control_without_its_guard_one_code_lets_many_in(string guard, bool isTotp)
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        var code = officer.NextCode();
        using (house.Guards.Off(guard))
        {
            Assert.True(await HowManyGetIn(officer, isTotp ? code : null, isTotp ? null : officer.RecoveryCodes[0]) > 1);
        }

        Assert.NotEqual(0, house.Guards.Hits);
    }

    [Fact]
    public async Task The_secret_is_stored_sealed_and_reaches_no_log()
    {
        var officer = await Invited.JoinAsync(house, Role.MembershipOfficer, "zhaipo");
        await officer.SignIn();
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM staff_accounts WHERE totp_sealed LIKE '%{officer.Secret}%'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM staff_links WHERE totp_sealed LIKE '%{officer.Secret}%'"));
        Assert.DoesNotContain(house.Log, line => line.Contains(officer.Secret!, StringComparison.Ordinal)
            || line.Contains(officer.RecoveryCodes[0], StringComparison.Ordinal)
            || line.Contains(Invited.Password, StringComparison.Ordinal));
    }

    private static async Task<int> HowManyGetIn(Invited officer, string? totpCode, string? recoveryCode)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => officer.TrySignIn(totpCode, recoveryCode)));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Unauthorized, "wrong_totp_code"));
        return answers.Count(a => a.Status == HttpStatusCode.Created);
    }
}
