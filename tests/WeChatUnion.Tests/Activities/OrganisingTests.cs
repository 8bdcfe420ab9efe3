using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class OrganisingOnSqlite(SqliteHouse house) : OrganisingTests(house), IClassFixture<SqliteHouse>;

public sealed class OrganisingOnMariaDb(MariaDbHouse house) : OrganisingTests(house), IClassFixture<MariaDbHouse>;

/// <summary>What an organiser does beside publishing; one file for each of her tools.</summary>
public abstract partial class OrganisingTests(TestHouse house)
{
    private Task<Person> Organiser() => house.Staff(Role.ActivityOrganiser, "zhaipo");

    private Task<Person> OrganiserElsewhere() => house.Staff(Role.ActivityOrganiser, "xiaoji");

    private async Task<Person[]> People(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => house.Member()));

    /// <summary>Each signs up after the one before.</summary>
    private async Task<Person[]> SignedUp(string activity, int count, int guests = 0)
    {
        var people = await People(count);
        foreach (var person in people)
        {
            (await person.SignUp(activity, new { guests })).MustBe(HttpStatusCode.OK);
        }

        return people;
    }

    /// <summary>State and position in the line, e.g. <c>waiting 2</c>.</summary>
    private static async Task<string> StandingOf(Person person, string activity)
    {
        var enrolment = (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK);
        return $"{enrolment["state"]} {enrolment["position"]}".TrimEnd();
    }
}
