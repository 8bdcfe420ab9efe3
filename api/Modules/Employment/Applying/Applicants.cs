using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>An application with what its reader may see.</summary>
/// <param name="PhoneSealed">Null unless she lets this employer see it.</param>
internal sealed record Applicant(VacancyApplicationRow Application, ResumeRow Resume, string? PhoneSealed, bool IsMarked);

/// <summary>Who is shown to employers and officers: whoever discloses her résumé to the employer at this moment.</summary>
internal static class Applicants
{
    public static IQueryable<Applicant> In(Db db)
    {
        var (vacancies, disclosures, resumes, persons, marks) = (db.Vacancies, db.EmployerDisclosures, db.Resumes, db.Persons, db.HardshipMarks);
        return from a in db.VacancyApplications
               join v in vacancies on a.VacancyId equals v.Id
               join d in disclosures on new { Person = (string?)a.PersonId, v.EmployerId } equals new { Person = d.LivePersonId, d.EmployerId }
               join r in resumes on a.PersonId equals r.PersonId
               join p in persons on a.PersonId equals p.Id
               where a.State != VacancyApplicationState.Withdrawn
               select new Applicant(a, r, d.PhoneGivenAt == null ? null : p.PhoneSealed, marks.Any(m => m.LivePersonId == a.PersonId));
    }

    /// <summary>The application if it is hers to see; anything else is not there.</summary>
    public static async Task<(Applicant Applicant, VacancyRow Vacancy, VacancyDesk Desk)> FindAsync(Db db, string id, Caller caller, CancellationToken cancellation)
    {
        var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
        var applicant = await In(db).FirstOrDefaultAsync(a => a.Application.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var (vacancy, _) = await desk.FindAsync(db, applicant.Application.VacancyId, cancellation);
        RefuseSuspended(desk);
        return (applicant, vacancy, desk);
    }

    /// <summary>Whose application it is, for an officer, whether or not she still discloses anything.</summary>
    public static async Task<string> PersonInReachAsync(Db db, string id, Caller caller, CancellationToken cancellation)
    {
        var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
        var application = await db.VacancyApplications.FirstOrDefaultAsync(a => a.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        await desk.FindAsync(db, application.VacancyId, cancellation);
        return application.PersonId;
    }

    /// <summary>A firm that was stopped (domain/employment.md 4.3) reads and moves nobody's application.</summary>
    /// <exception cref="Refusal">The caller is its clerk.</exception>
    public static void RefuseSuspended(VacancyDesk desk)
    {
        if (desk.Firm is { State: EmployerState.Suspended })
        {
            throw new Refusal(EmploymentProblems.EmployerSuspended);
        }
    }
}
