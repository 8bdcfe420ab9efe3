using System.Net;
using LinqToDB.Data;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

/// <summary>Somebody who went the whole way from wx.login to an approved membership.</summary>
public sealed record NewMember(TestHouse House, string User, string PersonId, string Id, string Number, string Name, string IdNumber)
{
    public required Applicant Person { get; init; }

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
    public static async Task<NewMember> MemberOf(this TestHouse house, string union, string name = "王小明")
    {
        var applicant = await house.Applicant(union, name: name);
        var id = await house.Admit(applicant, union);
        var number = (await house.Words($"SELECT member_number FROM memberships WHERE id = '{id}'"))[0];
        return new NewMember(house, applicant.User, applicant.PersonId, id, number, name, applicant.IdNumber) { Person = applicant };
    }

    /// <summary>A former member applies once more and is approved.</summary>
    /// <returns>The new membership's id.</returns>
    public static async Task<string> JoinAgain(this NewMember member, string union)
    {
        var applicant = member.Person;
        applicant.Version = null;
        await applicant.FillInAll(await member.House.UnionId(union));
        await applicant.Consent();
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        return await member.House.Admit(applicant, union);
    }

    /// <summary>Texts from the database.</summary>
    public static async Task<List<string>> Words(this TestHouse house, string sql)
    {
        await using var db = house.Database.Open();
        return await db.QueryToListAsync<string>(sql);
    }

    /// <summary>The union's own officer approves.</summary>
    private static async Task<string> Admit(this TestHouse house, Applicant applicant, string union) =>
        (await (await house.Officer(union)).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version }))
            .MustBe(HttpStatusCode.OK)["membershipId"];
}
