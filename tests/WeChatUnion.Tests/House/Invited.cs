using System.Net;
using OtpNet;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Tests.House;

/// <summary>A staff member who came by invitation, with her authenticator and her slip of recovery codes.</summary>
public sealed class Invited(TestHouse house, string id, string name, string? secret, string[] recoveryCodes)
{
    public const string Password = "麦浪翻滚 wheat 7 fields";

    private static int count;

    public string Id { get; } = id;

    public string Name { get; } = name;

    public string? Secret { get; } = secret;

    public string[] RecoveryCodes { get; } = recoveryCodes;

    public static string NewName() => $"staff-{Interlocked.Increment(ref count)}";

    /// <summary>A link to a role at a union (seed key), made by somebody who may.</summary>
    public static async Task<string> LinkAsync(TestHouse house, Person by, Role role, string union) =>
        (await by.PostWithoutKey(
            "/api/v1/office/staff-invitations",
            new { displayName = "新来的同事", role = role.Word(), unionId = await house.UnionId(union) })).MustBe(HttpStatusCode.Created)["token"];

    /// <summary>Invited by the county's security administrator, and accepted.</summary>
    public static async Task<Invited> JoinAsync(TestHouse house, Role role, string union)
    {
        var by = await house.Staff(Role.SecurityAdministrator, "county");
        return await AcceptAsync(house, await LinkAsync(house, by, role, union), NewName());
    }

    /// <summary>Uses a link; with <paramref name="name"/> null one for an account that is there.</summary>
    public static async Task<Invited> AcceptAsync(TestHouse house, string token, string? name, string password = Password)
    {
        var check = (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token })).MustBe(HttpStatusCode.OK);
        var secret = check.Body.GetProperty("totpSecret").GetString();
        var totpCode = secret is null ? null : CodeOf(house, secret);
        var accepted = (await house.Anonymous().PostWithoutKey(
            "/api/v1/office/invitation-acceptances", new { token, name, password, totpCode })).MustBe(HttpStatusCode.Created);
        var codes = accepted.Body.GetProperty("recoveryCodes").EnumerateArray().Select(c => c.GetString()!).ToArray();
        return new Invited(house, accepted["personId"], accepted["name"], secret, codes);
    }

    public static string CodeOf(TestHouse house, string secret, int stepsAway = 0) =>
        new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(house.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * stepsAway));

    /// <summary>What her authenticator shows next; the clock moves on so that it is a fresh one.</summary>
    public string NextCode()
    {
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        return CodeOf(house, Secret!);
    }

    public Task<Answer> TrySignIn(string? totpCode = null, string? recoveryCode = null, string password = Password) =>
        house.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name = Name, password, totpCode, recoveryCode });

    public async Task<Person> SignIn()
    {
        var session = (await TrySignIn(Secret is null ? null : NextCode())).MustBe(HttpStatusCode.Created);
        return new Person(house.NewHttp(), session["token"]);
    }
}
