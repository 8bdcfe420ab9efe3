using System.Net;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Tests.House;

/// <summary>A worker with made-up papers, somewhere on the way into a union.</summary>
public sealed class Applicant(HttpClient http, string token) : Person(http, token)
{
    public const string Application = "/api/v1/me/membership-application";

    /// <summary>The user name of the stand-in.</summary>
    public required string User { get; init; }

    public required string PersonId { get; init; }

    public string Name { get; init; } = MadeUp.Name();

    public string IdNumber { get; init; } = MadeUp.IdNumber();

    public string PhoneNumber { get; init; } = MadeUp.PhoneNumber();

    public string EmployerName { get; init; } = "新乡县某某有限公司";

    /// <summary>Her application, once it is opened.</summary>
    public string ApplicationId { get; private set; } = "";

    /// <summary>The application's version as she last read it; null before the first step.</summary>
    public int? Version { get; set; }

    /// <summary>For the office: <c>/api/v1/office/membership-applications/…</c>.</summary>
    public string OfficePath => $"/api/v1/office/membership-applications/{ApplicationId}";

    /// <summary>The three steps as she would fill them in.</summary>
    public Dictionary<string, object?> IdentityStep() => new()
    {
        ["version"] = Version,
        ["name"] = Name,
        ["idType"] = "1",
        ["idNumber"] = IdNumber,
        ["idValidTo"] = "long_term",
        ["ethnicity"] = "01",
    };

    public Dictionary<string, object?> WorkStep(string unionId) => new()
    {
        ["version"] = Version,
        ["unionId"] = unionId,
        ["employerName"] = EmployerName,
        ["department"] = "车间",
        ["post"] = "操作工",
        ["employmentStatus"] = "1",
        ["employmentForm"] = "1",
        ["newFormOfEmployment"] = "0",
    };

    public Dictionary<string, object?> ProfileStep() => new()
    {
        ["version"] = Version,
        ["education"] = "31",
        ["politicalStatus"] = "13",
        ["householdType"] = "2",
        ["householdDivision"] = "410721",
        ["homeDivision"] = "410721101",
        ["isMigrant"] = true,
        ["skillLevel"] = "5",
        ["technicalTitle"] = "9",
        ["modelWorker"] = "0",
    };

    /// <summary>Does a step and remembers the version it is answered with.</summary>
    public async Task<Answer> FillIn(string step, Dictionary<string, object?> body)
    {
        var answer = await Put($"{Application}/{step}", body);
        if (answer.Status == HttpStatusCode.OK)
        {
            Version = answer.Version;
        }

        return answer;
    }

    public async Task FillInAll(string unionId)
    {
        (await FillIn("identity", IdentityStep())).MustBe(HttpStatusCode.OK);
        (await FillIn("work", WorkStep(unionId))).MustBe(HttpStatusCode.OK);
        (await FillIn("profile", ProfileStep())).MustBe(HttpStatusCode.OK);
        ApplicationId = (await Get("/api/v1/me/membership")).Body.GetProperty("application").Text("id");
    }

    public async Task Consent(string purpose = "membership")
    {
        var text = (await Get($"/api/v1/consent-texts/{purpose}")).MustBe(HttpStatusCode.OK);
        (await Put($"/api/v1/me/consents/{purpose}", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
    }

    /// <summary>Hands the form in with the version she last read.</summary>
    public async Task<Answer> Submit(string? key = null)
    {
        var answer = await Post($"{Application}/submission", new { version = Version }, key);
        if (answer.Status == HttpStatusCode.OK)
        {
            Version = answer.Version;
        }

        return answer;
    }

    public Task<Answer> Withdraw(string? key = null) => Post($"{Application}/withdrawal", new { version = Version }, key);
}

/// <summary>The walks that tests of every module begin with; unions are named by their seed keys.</summary>
public static class Applicants
{
    extension(TestHouse house)
    {
        /// <summary>Somebody who has signed in and done nothing else; <paramref name="birth"/> or <paramref name="idNumber"/> decide her papers.</summary>
        public async Task<Applicant> Newcomer(DateOnly? birth = null, string? idNumber = null, string? name = null)
        {
            var user = house.NewUser();
            var session = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);
            return new Applicant(house.NewHttp(), session["token"])
            {
                User = user,
                PersonId = session["personId"],
                Name = name ?? MadeUp.Name(),
                IdNumber = idNumber ?? MadeUp.IdNumber(birth),
            };
        }

        /// <summary>Somebody with a complete draft: form, phone and consent; only the submission is left.</summary>
        public async Task<Applicant> Draft(string union, DateOnly? birth = null, string? idNumber = null, string? name = null)
        {
            var newcomer = await house.Newcomer(birth, idNumber, name);
            await newcomer.FillInAll(await house.UnionId(union));
            await house.BindPhone(newcomer);
            await newcomer.Consent();
            return newcomer;
        }

        /// <summary>Somebody whose application is under review.</summary>
        public async Task<Applicant> Applicant(string union, string? idNumber = null, string? name = null)
        {
            var draft = await house.Draft(union, null, idNumber, name);
            (await draft.Submit()).MustBe(HttpStatusCode.OK);
            return draft;
        }

        /// <summary>A member of the union.</summary>
        public async Task<Applicant> Member(string union, string? name = null)
        {
            var applicant = await house.Applicant(union, name: name);
            await house.Approve(applicant);
            return applicant;
        }

        public async Task BindPhone(Applicant applicant) =>
            (await applicant.Put("/api/v1/me/phone", new { code = house.WeChat.IssuePhoneCode(applicant.User, applicant.PhoneNumber) }))
                .MustBe(HttpStatusCode.OK);

        /// <summary>An officer of the county approves.</summary>
        public async Task<Answer> Approve(Applicant applicant) =>
            (await (await house.Officer("county")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version }))
                .MustBe(HttpStatusCode.OK);

        /// <summary>An officer of the county returns; the applicant reads the new version.</summary>
        public async Task Return(Applicant applicant, string reason)
        {
            (await (await house.Officer("county")).Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason })).MustBe(HttpStatusCode.NoContent);
            applicant.Version++;
        }

        /// <summary>The membership officer (会员管理员) of a union.</summary>
        public Task<Person> Officer(string union) => house.Staff(Role.MembershipOfficer, union);
    }

    /// <summary>The same body with one field changed.</summary>
    public static Dictionary<string, object?> With(this Dictionary<string, object?> body, string field, object? value) =>
        new(body) { [field] = value };
}
