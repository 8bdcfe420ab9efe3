using System.Globalization;
using System.Net;
using LinqToDB.Data;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

/// <summary>Somebody who went the whole way from wx.login to an approved membership.</summary>
public sealed record NewMember(TestHouse House, string User, string PersonId, string Id, string Number, string Name, string IdNumber)
{
    public required Person Person { get; init; }

    /// <summary>The membership's version now.</summary>
    public Task<long> Version() => House.Number($"SELECT version FROM memberships WHERE id = '{Id}'");

    public async Task<string> State() => (await House.Words($"SELECT state FROM memberships WHERE id = '{Id}'"))[0];

    public async Task<string> UnionId() => (await House.Words($"SELECT union_id FROM memberships WHERE id = '{Id}'"))[0];

    /// <summary>Kinds of the changes (会籍变动) in their order.</summary>
    public async Task<string> Changes() =>
        string.Join(' ', await House.Words($"SELECT kind FROM membership_changes WHERE membership_id = '{Id}' ORDER BY at, id"));

    /// <summary>Her session after the clock was moved far.</summary>
    public Task<Person> Again() => House.Worker(User);
}

internal static class NewMembers
{
    private const string Me = "/api/v1/me";
    private static int count;

    public static async Task<NewMember> MemberOf(this TestHouse house, string union, string name = "王小明")
    {
        var user = house.NewUser();
        var idNumber = NewIdNumber();
        var person = await house.Worker(user);
        var id = await house.Join(person, user, union, name, idNumber);
        var number = (await house.Words($"SELECT member_number FROM memberships WHERE id = '{id}'"))[0];
        var personId = (await house.Words($"SELECT person_id FROM memberships WHERE id = '{id}'"))[0];
        return new NewMember(house, user, personId, id, number, name, idNumber) { Person = person };
    }

    /// <summary>Applies and is approved by the union's own officer.</summary>
    /// <returns>The membership's id.</returns>
    public static async Task<string> Join(this TestHouse house, Person person, string user, string union, string name, string idNumber)
    {
        var (application, version) = await house.Apply(person, user, union, name, idNumber);
        var officer = await house.Staff(Role.MembershipOfficer, union);
        return (await officer.Post($"/api/v1/office/membership-applications/{application}/approval", new { version }))
            .MustBe(HttpStatusCode.OK)["membershipId"];
    }

    /// <summary>Hands in a whole application.</summary>
    public static async Task<(string Id, int Version)> Apply(
        this TestHouse house, Person person, string user, string union, string name, string idNumber)
    {
        var code = house.WeChat.IssuePhoneCode(user, "138" + idNumber[8..16]);
        (await person.Put($"{Me}/phone", new { code })).MustBe(HttpStatusCode.OK);
        var version = (await person.Put(
            $"{Me}/membership-application/identity",
            new { name, idType = "1", idNumber, idValidTo = "long_term", ethnicity = "01" })).MustBe(HttpStatusCode.OK).Version;
        version = (await person.Put(
            $"{Me}/membership-application/work",
            new
            {
                version,
                unionId = await house.UnionId(union),
                employerName = "演示单位",
                post = "质检员",
                employmentStatus = "1",
                employmentForm = "1",
                newFormOfEmployment = "0",
            })).MustBe(HttpStatusCode.OK).Version;
        version = (await person.Put(
            $"{Me}/membership-application/profile", new { version, education = "31", homeDivision = "410721101" })).MustBe(HttpStatusCode.OK).Version;
        var textHash = (await person.Get("/api/v1/consent-texts/membership")).MustBe(HttpStatusCode.OK)["textHash"];
        (await person.Put($"{Me}/consents/membership", new { version = 1, textHash })).MustBe(HttpStatusCode.OK);
        version = (await person.Post($"{Me}/membership-application/submission", new { version })).MustBe(HttpStatusCode.OK).Version;
        var id = (await person.Get($"{Me}/membership")).Body.GetProperty("application").GetProperty("id").GetString()!;
        return (id, version);
    }

    /// <summary>A made-up ID number with its check character (GB 11643), never given twice.</summary>
    public static string NewIdNumber()
    {
        var n = Interlocked.Increment(ref count);
        var birth = new DateOnly(1970, 1, 1).AddDays(n % 10_000);
        var digits = string.Create(CultureInfo.InvariantCulture, $"410721{birth:yyyyMMdd}{(n / 10_000 * 2) + 2:D3}");
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return digits + "10X98765432"[digits.Select((d, i) => (d - '0') * weights[i]).Sum() % 11];
    }

    /// <summary>Texts from the database.</summary>
    public static async Task<List<string>> Words(this TestHouse house, string sql)
    {
        await using var db = house.Database.Open();
        return await db.QueryToListAsync<string>(sql);
    }
}
