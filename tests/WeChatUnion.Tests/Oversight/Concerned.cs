using System.Globalization;
using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Oversight;

/// <summary>A worker whose data the office looks at: her application is under review.</summary>
public sealed record Concerned(Person Worker, string PersonId, string ApplicationId, string IdNumber, string Phone, string Name);

internal static class ConcernedPeople
{
    private static int count;

    extension(TestHouse house)
    {
        public async Task<Concerned> Concerned(string union)
        {
            var n = Interlocked.Increment(ref count);
            var (name, idNumber, phone) = ($"周晓{"梅兰竹菊松柏"[n % 6]}", IdNumber(n), $"137{n:D8}");
            var user = house.NewUser();
            var session = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);
            var worker = new Person(house.NewHttp(), session["token"]);
            (await worker.Put("/api/v1/me/phone", new { code = house.WeChat.IssuePhoneCode(user, phone) })).MustBe(HttpStatusCode.OK);

            const string Application = "/api/v1/me/membership-application";
            var version = (await worker.Put(
                $"{Application}/identity", new { name, idType = "1", idNumber, idValidTo = "long_term", ethnicity = "01" })).MustBe(HttpStatusCode.OK).Version;
            version = (await worker.Put(
                $"{Application}/work",
                new { version, unionId = await house.UnionId(union), employerName = "新乡县某厂", post = "工人", employmentStatus = "1", employmentForm = "1", newFormOfEmployment = "0" })).MustBe(HttpStatusCode.OK).Version;
            version = (await worker.Put(
                $"{Application}/profile", new { version, education = "31", politicalStatus = "13", homeDivision = "410721101" })).MustBe(HttpStatusCode.OK).Version;
            var text = (await worker.Get("/api/v1/consent-texts/membership")).MustBe(HttpStatusCode.OK);
            (await worker.Put("/api/v1/me/consents/membership", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
            (await worker.Post($"{Application}/submission", new { version })).MustBe(HttpStatusCode.OK);
            var id = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("id").GetString()!;
            return new Concerned(worker, session["personId"], id, idNumber, phone, name);
        }

        public async Task<string> PersonIdOf(Person staff) => (await staff.Get("/api/v1/office/me"))["personId"];
    }

    /// <summary>Made up, of 新乡县, with its check character by GB 11643 (ISO 7064 MOD 11-2).</summary>
    private static string IdNumber(int n)
    {
        var digits = "410721" + new DateOnly(1981, 1, 1).AddDays(n).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + $"{n % 1000:D3}";
        var rest = digits.Aggregate(0, (sum, digit) => (sum + digit - '0') * 2 % 11);
        return digits + "0123456789X"[(12 - rest) % 11];
    }
}
