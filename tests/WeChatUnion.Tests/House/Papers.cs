using System.Net;

namespace WeChatUnion.Tests.House;

/// <summary>What somebody writes into her application; ID number and phone are made up, with a valid check character.</summary>
public sealed record Papers(string User, string Name, string IdNumber, string Phone, string EmployerName = "新乡县金穗面粉有限公司")
{
    private static int made;

    /// <summary>Another applicant than all before.</summary>
    public static Papers New()
    {
        var number = Interlocked.Increment(ref made);
        return new Papers($"applicant-{number}", "陈晓光", IdNumberOf(number), $"1390000{number:0000}");
    }

    /// <summary>A number of 新乡县 for somebody born in 1990 (GB 11643).</summary>
    public static string IdNumberOf(int number)
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var digits = $"4107211990{1 + (number / 1000 / 28 % 12):00}{1 + (number / 1000 % 28):00}{number % 1000:000}";
        return digits + "10X98765432"[digits.Select((d, i) => (d - '0') * weights[i]).Sum() % 11];
    }

    /// <summary>Fills in and submits everything; the application's version then.</summary>
    public async Task<int> ApplyAsync(ProcessHouse house, Person worker, string union = "jinsui")
    {
        var code = house.WeChat.IssuePhoneCode(User, Phone);
        (await worker.Put("/api/v1/me/phone", new { code })).MustBe(HttpStatusCode.OK);
        var version = await FillInAsync(
            worker, "identity", new { name = Name, idType = "1", idNumber = IdNumber, idValidTo = "long_term", ethnicity = "01" });
        version = await FillInAsync(
            worker,
            "work",
            new
            {
                version,
                unionId = await house.UnionId(union),
                employerName = EmployerName,
                post = "质检员",
                employmentStatus = "1",
                employmentForm = "1",
                newFormOfEmployment = "0",
            });
        version = await FillInAsync(
            worker, "profile", new { version, education = "31", politicalStatus = "13", homeDivision = "410721101" });
        var text = (await worker.Get("/api/v1/consent-texts/membership")).MustBe(HttpStatusCode.OK);
        (await worker.Put("/api/v1/me/consents/membership", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
        return (await worker.Post("/api/v1/me/membership-application/submission", new { version })).MustBe(HttpStatusCode.OK).Version;
    }

    private static async Task<int> FillInAsync(Person worker, string step, object body) =>
        (await worker.Put($"/api/v1/me/membership-application/{step}", body)).MustBe(HttpStatusCode.OK).Version;
}
