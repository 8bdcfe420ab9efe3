using System.Net;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Employment;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

/// <summary>Firms to play with: a clerk who has registered hers as in real life, and vacancies that are offered.</summary>
internal static class Firms
{
    public const string Seen = "/api/v1/vacancies";
    public const string Office = "/api/v1/office/vacancies";
    public const string Mine = "/api/v1/me/employer-registrations";
    public const string Desk = "/api/v1/office/employer-registrations";
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private static int firms;

    public static Task<Person> Officer(this TestHouse house, string union = "county") => house.Staff(Role.EmploymentOfficer, union);

    /// <summary>A credit code that nobody has yet.</summary>
    public static string NewCreditCode()
    {
        var body = $"91410721MA8{Interlocked.Increment(ref firms):000000}";
        var (sum, weight) = (0, 1);
        foreach (var letter in body)
        {
            sum += Alphabet.IndexOf(letter, StringComparison.Ordinal) * weight;
            weight = weight * 3 % 31;
        }

        return body + Alphabet[(31 - (sum % 31)) % 31];
    }

    public static async Task<Dictionary<string, object?>> Registration(Person clerk, string? creditCode = null)
    {
        var files = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            files.Add((await clerk.PostFile("/api/v1/files?purpose=employer_document", Pictures.Jpeg(20 + i, 20))).MustBe(HttpStatusCode.Created)["id"]);
        }

        return new Dictionary<string, object?>
        {
            ["creditCode"] = creditCode ?? NewCreditCode(),
            ["name"] = "新乡县和顺包装有限公司",
            ["kind"] = "170",
            ["divisionCode"] = "410721102",
            ["address"] = "小冀镇工业路 8 号",
            ["clerkName"] = "李经办",
            ["phone"] = "0373-5551234",
            ["licenceFileId"] = files[0],
            ["mandateFileId"] = files[1],
            ["identityFileId"] = files[2],
        };
    }

    /// <summary>A verified firm and its clerk, signed in to the office by her own link and authenticator.</summary>
    public static async Task<(Person Clerk, string EmployerId, Invited Account)> Firm(this TestHouse house, string? creditCode = null)
    {
        // Seconds of the processor, once a process: with the other tests beside it longer than a request may take.
        await using (var db = house.Database.Open())
        {
            await WordRules.OnAsync(db, house.Clock.Today(), CancellationToken.None);
        }

        var worker = await house.Worker();
        var id = (await worker.Post(Mine, await Registration(worker, creditCode))).MustBe(HttpStatusCode.Created)["id"];
        var verified = (await (await house.Officer()).Post($"{Desk}/{id}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK);
        var link = (await worker.PostWithoutKey($"{Mine}/{id}/set-up-links", new { })).MustBe(HttpStatusCode.Created);
        var account = await Invited.AcceptAsync(house, link["token"], Invited.NewName());
        return (await account.SignIn(), verified["employerId"], account);
    }

    public static Dictionary<string, object?> Vacancy(this TestHouse house, string title = "包装工", string duties = "负责纸箱打包、贴标和码垛。") => new()
    {
        ["title"] = title,
        ["occupation"] = "6-31",
        ["headcount"] = 5,
        ["form"] = "full_time",
        ["contractMonths"] = 12,
        ["probationMonths"] = 1,
        ["experienceYears"] = 0,
        ["payLow"] = 350_000,
        ["payHigh"] = 480_000,
        ["insurance"] = new[] { "pension", "medical", "work_injury" },
        ["hours"] = "8:00-17:00",
        ["rest"] = "每周单休",
        ["divisionCode"] = "410721102",
        ["address"] = "工业路 8 号",
        ["benefits"] = new[] { "meals" },
        ["duties"] = duties,
        ["requirements"] = "身体健康，能适应倒班。",
        ["contactName"] = "李经办",
        ["contactPhone"] = "0373-5551234",
        ["endsOn"] = house.Clock.GetUtcNow().AddHours(8).AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Written and handed in.</summary>
    public static async Task<string> Submitted(this Person clerk, Dictionary<string, object?> vacancy)
    {
        var id = (await clerk.Post(Office, new { vacancy })).MustBe(HttpStatusCode.Created)["id"];
        (await clerk.Post($"{Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>Published by an officer.</summary>
    public static async Task<string> Offered(this TestHouse house, Person clerk, Dictionary<string, object?> vacancy)
    {
        var id = await clerk.Submitted(vacancy);
        (await (await house.Officer()).Post($"{Office}/{id}/approval", new { version = 2 })).MustBe(HttpStatusCode.NoContent);
        return id;
    }

    /// <summary>Many offered vacancies, written as publications would leave them.</summary>
    public static async Task Fill(this TestHouse house, string employerId, IEnumerable<(string Title, string Duties, string Division, string Occupation, long PayLow)> texts)
    {
        await house.Database.TransactAsync(
            async db =>
            {
                var now = house.Clock.Milliseconds();
                var by = await db.Persons.Select(p => p.Id).FirstAsync();
                var turn = await Api.Modules.Employment.Vacancies.Turns.TakeAsync(db, CancellationToken.None);
                await db.InsertManyAsync(texts.Select((t, i) => new VacancyRow
                {
                    Id = Ids.New(),
                    EmployerId = employerId,
                    MadeBy = by,
                    Source = VacancySource.Employer,
                    Title = t.Title,
                    Occupation = t.Occupation,
                    Headcount = 2,
                    Hired = 0,
                    Form = VacancyForm.FullTime,
                    ProbationMonths = 0,
                    ExperienceYears = 0,
                    PayLow = t.PayLow,
                    PayHigh = t.PayLow + 100_000,
                    Insurance = "pension",
                    Hours = "白班",
                    Rest = "双休",
                    DivisionCode = t.Division,
                    Address = "工业路",
                    Benefits = "",
                    Duties = t.Duties,
                    Requirements = "踏实",
                    ContactName = "李经办",
                    ContactPhone = "0373-5551234",
                    EndsOn = "2027-01-20",
                    EndsAt = Instants.StartOf(new DateOnly(2027, 1, 21)),
                    State = VacancyState.Published,
                    PublishedAt = now,
                    RefreshedAt = now - (i % 7 * 1000),
                    Turn = turn,
                    Version = 3,
                    CreatedAt = now,
                    UpdatedAt = now,
                }));
            },
            CancellationToken.None);
    }

    public static Dictionary<string, object?> Resume(string name = "王求职") => new()
    {
        ["name"] = name,
        ["occupations"] = new[] { "6-31", "4-02" },
        ["divisions"] = new[] { "410721102" },
        ["payLow"] = 400_000,
        ["education"] = "61",
        ["skills"] = "会开手动叉车,会打包贴标。",
        ["certificates"] = new[] { "叉车操作证" },
        ["experiences"] = new[] { new { employer = "某某纸箱厂", post = "打包工", fromMonth = "2021-03", untilMonth = "2025-10" } },
        ["categories"] = new[] { "registered_unemployed", "hardship_family" },
        ["unemploymentNumber"] = "4107210012345",
    };

    /// <summary>A worker with a phone who has agreed and written her résumé.</summary>
    public static async Task<(Person Worker, string PersonId)> JobSeeker(
        this TestHouse house, string name = "王求职", string? phone = null, string? user = null)
    {
        var worker = await house.Worker(user);
        var personId = (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK)["personId"];
        if (phone is not null)
        {
            await house.Execute(
                $"UPDATE persons SET phone_sealed = '{house.Services.GetRequiredService<FieldCipher>().Seal(SetPhone.Place, personId, phone)}' WHERE id = '{personId}'");
        }

        await Agree(worker, "job_seeking");
        (await worker.Put("/api/v1/me/resume", new { resume = Resume(name) })).MustBe(HttpStatusCode.OK);
        return (worker, personId);
    }

    public static async Task Agree(Person worker, string purpose)
    {
        var text = (await worker.Get($"/api/v1/consent-texts/{purpose}")).MustBe(HttpStatusCode.OK);
        (await worker.Put($"/api/v1/me/consents/{purpose}", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
    }
}
