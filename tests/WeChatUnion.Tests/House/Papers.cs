using System.Net;

namespace WeChatUnion.Tests.House;

/// <summary>What somebody writes into her application; ID number and phone are made up, with a valid check character.</summary>
public sealed record Papers(string User, string Name, string IdNumber, string Phone, string EmployerName = "新乡县金穗面粉有限公司")
{
    private static int made;

    /// <summary>Another applicant than all before.</summary>
    public static Papers New() => new($"applicant-{Interlocked.Increment(ref made)}", "陈晓光", MadeUp.IdNumber(), MadeUp.PhoneNumber());

    /// <summary>Fills in and submits everything; the application's version then.</summary>
    public async Task<int> ApplyAsync(ProcessHouse house, Person worker, string union = "jinsui")
    {
        var applicant = new Applicant(house.Api.NewHttp(), worker.Token!)
        {
            User = User,
            PersonId = (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK)["personId"],
            Name = Name,
            IdNumber = IdNumber,
            PhoneNumber = Phone,
            EmployerName = EmployerName,
        };
        (await applicant.Put("/api/v1/me/phone", new { code = house.WeChat.IssuePhoneCode(User, Phone) })).MustBe(HttpStatusCode.OK);
        await applicant.FillInAll(await house.UnionId(union));
        await applicant.Consent();
        return (await applicant.Submit()).MustBe(HttpStatusCode.OK).Version;
    }
}
