using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Employment;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Demo;

/// <summary>
/// Loads <c>seeds/demo/firms.csv</c> and <c>vacancies.csv</c>: firms of the county as the officer verified them at the
/// first start, their clerks, and what they offer; dates count from then.
/// </summary>
internal sealed class DemoFirms(Database database, VacancyDeeds deeds, TimeProvider clock)
{
    private const string Officer = "employment";

    public async Task LoadAsync()
    {
        foreach (var cells in ReferenceFile.Read("firms.csv", "demo"))
        {
            await database.TransactAsync(db => AddFirmAsync(db, cells), CancellationToken.None);
        }

        var firms = ReferenceFile.Read("firms.csv", "demo").ToDictionary(f => f[0]);
        foreach (var cells in ReferenceFile.Read("vacancies.csv", "demo"))
        {
            await database.TransactAsync(db => AddVacancyAsync(db, cells, firms[cells[0]]), CancellationToken.None);
        }
    }

    private async Task AddFirmAsync(Db db, string[] cells)
    {
        var now = clock.Milliseconds();
        var union = await db.Unions.FirstAsync(u => u.SeedKey == cells[1]);
        if (await db.Employers.AnyAsync(e => e.CreditCode == union.EmployerCreditCode))
        {
            return;
        }

        var firm = new EmployerRow
        {
            Id = Ids.New(),
            CreditCode = union.EmployerCreditCode!,
            Name = union.EmployerName!,
            Kind = cells[2],
            DivisionCode = union.DivisionCode,
            Address = cells[3],
            UnionId = union.Id,
            State = EmployerState.Verified,
            VerifiedUntil = Firms.VerifiedUntil(now),
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await db.InsertAsync(firm);
        await db.InsertAsync(new ClerkRow { PersonId = await PersonOfAsync(db, cells[0]), EmployerId = firm.Id, Since = now });
        await db.InsertAsync(new EmployerStepRow
        {
            Id = Ids.New(),
            EmployerId = firm.Id,
            Kind = EmployerStepKind.Verification,
            PersonId = await PersonOfAsync(db, Officer),
            At = now,
        });
    }

    private async Task AddVacancyAsync(Db db, string[] cells, string[] firm)
    {
        var now = clock.Milliseconds();
        var (clerk, officer) = (await PersonOfAsync(db, cells[0]), await PersonOfAsync(db, Officer));
        var employer = await db.FirmOfAsync(clerk, CancellationToken.None)
            ?? throw new InvalidOperationException($"seeds/demo/vacancies.csv 中的 {cells[0]} 没有关联企业。");
        if (await db.Vacancies.AnyAsync(v => v.EmployerId == employer.Id && v.Title == cells[1]))
        {
            return;
        }

        var row = DetailsOf(cells, firm, employer, Instants.DateOf(now)).Into(CreateVacancy.Empty(Ids.New(), employer.Id, clerk, VacancySource.Employer, now)) with
        {
            State = VacancyState.Published,
            PublishedAt = now,
            RefreshedAt = now,
            Turn = await Turns.TakeAsync(db, CancellationToken.None),
            Version = 3,
        };
        await db.InsertAsync(row);
        var (checkId, _) = await deeds.CheckAsync(db, row, now, CancellationToken.None);
        await db.InsertManyAsync(new[] { (VacancyStepKind.Submission, clerk), (VacancyStepKind.Approval, officer) }
            .Select(s => new VacancyStepRow { Id = Ids.New(), VacancyId = row.Id, Kind = s.Item1, PersonId = s.Item2, CheckId = checkId, At = now }));
    }

    private static VacancyDetails DetailsOf(string[] cells, string[] firm, EmployerRow employer, DateOnly today) => new(
        Title: cells[1],
        Occupation: cells[2],
        Trade: null,
        SkillLevel: null,
        Headcount: Number(cells[3]),
        Form: StoredWord<VacancyForm>.Read(cells[4]),
        ContractMonths: cells[5].Length == 0 ? null : Number(cells[5]),
        ProbationMonths: Number(cells[6]),
        Education: null,
        ExperienceYears: 0,
        LeastAge: null,
        MostAge: null,
        ProtectedWork: null,
        PayLow: Number(cells[7]) * 100,
        PayHigh: Number(cells[8]) * 100,
        PayNote: null,
        PayDay: 15,
        Insurance: cells[5].Length == 0 ? [Insurance.WorkInjury] : [Insurance.Pension, Insurance.Medical, Insurance.Unemployment, Insurance.WorkInjury, Insurance.Maternity],
        Hours: cells[9],
        Rest: cells[10],
        DivisionCode: employer.DivisionCode,
        Address: firm[3],
        Benefits: [.. cells[11].Split(' ').Select(StoredWord<Benefit>.Read)],
        Duties: cells[13],
        Requirements: cells[14],
        ContactName: firm[4],
        ContactPhone: firm[5],
        EndsOn: today.AddDays(Number(cells[12])),
        Source: null,
        SourceNote: null);

    private static Task<string> PersonOfAsync(Db db, string account) => db.StaffAccounts.Where(a => a.Name == account).Select(a => a.PersonId).FirstAsync();

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}
