using System.Net;
using LinqToDB;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class SignInStaffOnSqlite(SqliteHouse house) : SignInStaffTests(house), IClassFixture<SqliteHouse>;

public sealed class SignInStaffOnMariaDb(MariaDbHouse house) : SignInStaffTests(house), IClassFixture<MariaDbHouse>;

public abstract class SignInStaffTests(TestHouse house)
{
    private const string Right = "a long pass phrase";

    [Fact]
    public async Task An_officer_signs_in_whatever_capitals_she_writes_her_name_in()
    {
        var name = await NewAccount();
        var answer = (await SignIn(name.ToUpperInvariant(), Right)).MustBe(HttpStatusCode.Created);
        Assert.True(answer.Response.Headers.CacheControl?.NoStore);
        Assert.Equal("工作人员", answer["displayName"]);
        var officer = new Person(house.NewHttp(), answer["token"]);
        Assert.Equal(answer["personId"], (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK)["personId"]);
    }

    [Fact]
    public async Task A_wrong_name_and_a_wrong_password_get_the_same_answer()
    {
        var name = await NewAccount();
        var wrongPassword = (await SignIn(name, "another pass phrase")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        var wrongName = (await SignIn(name + "x", Right)).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        Assert.Equal(wrongName.Text.Replace(wrongName["traceId"], "", StringComparison.Ordinal), wrongPassword.Text.Replace(wrongPassword["traceId"], "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" a long pass phrase")]
    [InlineData("a long pass phrase ")]
    [InlineData("A long pass phrase")]
    public async Task Every_character_of_the_password_counts(string password) =>
        (await SignIn(await NewAccount(), password)).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_wait_after_wrong_guesses_doubles_to_a_quarter_of_an_hour_whether_the_name_exists_or_not(bool exists)
    {
        var name = exists ? await NewAccount() : "nobody-" + house.NewUser();
        for (var free = 0; free < 4; free++)
        {
            (await SignIn(name, "wrong")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
        }

        foreach (var wait in new[] { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 })
        {
            (await SignIn(name, "wrong")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
            var early = (await SignIn(name, Right)).MustBe(HttpStatusCode.TooManyRequests, "too_many_attempts");
            Assert.Equal(TimeSpan.FromSeconds(wait), early.Response.Headers.RetryAfter?.Delta);
            house.Clock.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            (await SignIn(name, Right)).MustBe(HttpStatusCode.TooManyRequests, "too_many_attempts");
            house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        (await SignIn(name, Right)).MustBe(exists ? HttpStatusCode.Created : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forty_guesses_at_once_are_five_guesses(bool exists)
    {
        var name = exists ? await NewAccount() : "nobody-" + house.NewUser();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => SignIn(name, $"guess {i}")));
        Assert.Equal(5, answers.Count(a => a.Code == "wrong_name_or_password"));
        Assert.Equal(35, answers.Count(a => a.Code == "too_many_attempts"));
    }

    [Fact]
    public async Task Success_forgets_the_wrong_guesses()
    {
        var name = await NewAccount();
        for (var round = 0; round < 3; round++)
        {
            for (var guess = 0; guess < 4; guess++)
            {
                (await SignIn(name, "wrong")).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
            }

            (await SignIn(name, Right)).MustBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Guesses_at_one_name_do_not_slow_down_another()
    {
        var (guessed, other) = (await NewAccount(), await NewAccount());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SignIn(guessed, "wrong")));
        (await SignIn(other, Right)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_day_without_guesses_forgets_them_and_what_was_typed_as_a_name_is_not_stored()
    {
        var name = "typed-" + house.NewUser();
        (await SignIn(name, "wrong")).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM sign_in_attempts WHERE name_index LIKE '%{name}%'"));
        house.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM sign_in_attempts"));
    }

    [Theory]
    [InlineData("会员管理员")]
    [InlineData("𠮷")]
    [InlineData("' OR '1'='1")]
    [InlineData("%")]
    public async Task A_name_of_any_letters_is_just_unknown(string name) =>
        (await SignIn(name, Right)).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"password":"x"}""")]
    [InlineData("""{"name":"","password":"x"}""")]
    [InlineData("""{"name":"x","password":""}""")]
    [InlineData("""{"name":"x","password":null}""")]
    [InlineData("""{"name":"x","password":1}""")]
    [InlineData("""{"name":"x","password":"\ud800"}""")]
    [InlineData("""{"name":"x","password":"y\u0000"}""")]
    [InlineData("""{"name":"x","password":"y","role":"auditor"}""")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/office/sessions", body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    private async Task<string> NewAccount()
    {
        var name = "officer-" + house.NewUser();
        await house.AddStaffAsync(name, Role.MembershipOfficer, "county");
        return name;
    }

    private Task<Answer> SignIn(string name, string password) =>
        house.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name, password });
}

/// <summary>The program as it runs in Production, inside the test process.</summary>
public sealed class ProductionHouse : TestHouse
{
    protected override Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override void Adjust(Dictionary<string, string> settings)
    {
        foreach (var (key, value) in ProductionSettings.Right())
        {
            settings[key] = value;
        }
    }

    protected override void Configure(IWebHostBuilder host) => host.UseEnvironment("Production");
}

public sealed class DemoAccountsInProduction(ProductionHouse house) : IClassFixture<ProductionHouse>
{
    [Fact]
    public async Task A_demo_account_cannot_sign_in_in_Production_and_is_answered_like_a_wrong_name()
    {
        await house.AddStaffAsync("demo-officer", Role.Employer, "county");
        await house.Execute("DELETE FROM grants WHERE person_id = (SELECT person_id FROM staff_accounts WHERE name = 'demo-officer')");
        await house.Execute("UPDATE staff_accounts SET is_demo = 0 WHERE name = 'demo-officer'");
        var request = new { name = "demo-officer", password = "a long pass phrase" };
        (await house.Anonymous().PostWithoutKey("/api/v1/office/sessions", request)).MustBe(HttpStatusCode.Created);

        await house.Execute("UPDATE staff_accounts SET is_demo = 1 WHERE name = 'demo-officer'");

        (await house.Anonymous().PostWithoutKey("/api/v1/office/sessions", request)).MustBe(HttpStatusCode.Unauthorized, "wrong_name_or_password");
    }
}
