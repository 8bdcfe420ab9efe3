using System.Net;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Identity.MyData;

/// <summary>Somebody who did all that a worker can do here, with words of her own that are found again.</summary>
public sealed record BusyPerson(Applicant Person, string MembershipId, string OpenId, IReadOnlyList<string> Words)
{
    public string PersonId => Person.PersonId;

    /// <summary>Everything by which she would be known.</summary>
    public IEnumerable<string> Values => [Person.Name, Person.IdNumber, Person.PhoneNumber, OpenId, .. Words];
}

internal static class BusyPeople
{
    /// <param name="mark">Stands in every text about her.</param>
    public static async Task<BusyPerson> BusyPerson(this TestHouse house, string name, string mark)
    {
        var person = await house.Applicant("jinsui", name: name);
        var officer = await house.Officer("county");
        string[] words = [$"退回补正时说到{mark}的家事", $"联系记录:{mark}婆婆住院", $"接转因为{mark}要搬家", $"退会因为{mark}去了外地", $"核对{mark}的证件号码", $"车间名叫{mark}班组"];
        await house.Return(person, words[0]);
        (await person.Submit()).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{person.OfficePath}/contacts", new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = words[1] }))
            .MustBe(HttpStatusCode.Created);
        (await officer.Get(person.OfficePath)).MustBe(HttpStatusCode.OK);
        (await officer.Post("/api/v1/office/unmaskings", new { recordKind = "membership_application", recordId = person.ApplicationId, field = "id_number", reason = words[4] }))
            .MustBe(HttpStatusCode.OK);
        (await officer.Post("/api/v1/office/member-searches", new { idNumber = person.IdNumber, reason = "核实入会申请人" })).MustBe(HttpStatusCode.OK);
        await house.Approve(person);

        var form = (await person.Get("/api/v1/me/registration-form")).MustBe(HttpStatusCode.OK);
        (await person.Put("/api/v1/me/registration-form", new { version = form.Version, education = "21", department = words[5] })).MustBe(HttpStatusCode.OK);
        var transfer = (await person.Post("/api/v1/me/membership-transfers", new { unionId = await house.UnionId("hongyuan"), reason = words[2] }))
            .MustBe(HttpStatusCode.Created);
        (await person.Post($"/api/v1/me/membership-transfers/{transfer["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NoContent);
        var departure = (await person.Post("/api/v1/me/membership-departures", new { reason = words[3] })).MustBe(HttpStatusCode.Created);
        (await person.Post($"/api/v1/me/membership-departures/{departure["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NoContent);
        (await person.PostWithoutKey("/api/v1/me/rebinding-codes", new { })).MustBe(HttpStatusCode.Created);
        var membership = (await house.Words($"SELECT id FROM memberships WHERE person_id = '{person.PersonId}'"))[0];
        var openId = (await house.Words($"SELECT open_id FROM wechat_accounts WHERE person_id = '{person.PersonId}'"))[0];
        return new BusyPerson(person, membership, openId, words);
    }

    /// <summary>She asks to leave and the union confirms.</summary>
    public static async Task Leave(this TestHouse house, Applicant person)
    {
        var asked = (await person.Post("/api/v1/me/membership-departures", new { reason = "去外地工作" })).MustBe(HttpStatusCode.Created);
        (await (await house.Officer("county")).Post(
            $"/api/v1/office/membership-departures/{asked["id"]}/confirmation", new { talkedOn = Today(house), note = "已谈话" })).MustBe(HttpStatusCode.NoContent);
    }

    private static string Today(TestHouse house) =>
        house.Clock.GetUtcNow().AddHours(8).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
