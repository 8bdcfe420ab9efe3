using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>A clerk, or an officer who passes one on, begins a vacancy as a draft.</summary>
internal static class CreateVacancy
{
    /// <param name="EmployerId">For officers; a clerk writes for her own firm.</param>
    public sealed record Request([property: Id] string? EmployerId, [property: Needed] VacancyDetails? Vacancy);

    /// <param name="Version">Give this back when changing or submitting.</param>
    public sealed record Response(string Id, int Version);

    /// <summary>新建岗位草稿 (create a vacancy).</summary>
    /// <response code="409">no_employer, employer_suspended, verification_over.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, EmploymentSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        request.Vacancy!.Check(settings, clock.Today());
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                var employer = await desk.EmployerAsync(db, request.EmployerId, cancellation);
                Firms.RefuseUnlessOffering(employer, now);
                await db.RefuseUnknownDivisionAsync(request.Vacancy.DivisionCode, "vacancy.divisionCode", cancellation);
                var source = SourceOf(request.Vacancy, desk);
                var row = request.Vacancy.Into(Empty(id, employer.Id, caller.PersonId, source, now));
                await db.InsertAsync(row, token: cancellation);
                await Audit.WriteAsync(db, caller, "create_vacancy", "vacancy", id, now);
            },
            cancellation);
        return TypedResults.Created($"/api/v1/office/vacancies/{id}", new Response(id, 1));
    }

    internal static VacancySource SourceOf(VacancyDetails details, VacancyDesk desk)
    {
        var isRepost = details.Source is not (null or VacancySource.Employer);
        return isRepost == (desk.Firm is null)
            ? details.Source ?? VacancySource.Employer
            : throw Refusal.OfField("vacancy.source", desk.Firm is null ? "请说明岗位是人社局转来还是基层工会代报。" : "企业自报的岗位不填写来源。");
    }

    internal static VacancyRow Empty(string id, string employerId, string madeBy, VacancySource source, long now) => new()
    {
        Id = id,
        EmployerId = employerId,
        MadeBy = madeBy,
        Source = source,
        Title = "",
        Occupation = "",
        Headcount = 1,
        Hired = 0,
        Form = VacancyForm.FullTime,
        ProbationMonths = 0,
        ExperienceYears = 0,
        PayLow = 1,
        PayHigh = 1,
        Insurance = "",
        Hours = "",
        Rest = "",
        DivisionCode = "",
        Address = "",
        Benefits = "",
        Duties = "",
        Requirements = "",
        ContactName = "",
        ContactPhone = "",
        EndsOn = "",
        EndsAt = 0,
        State = VacancyState.Draft,
        Turn = 0,
        Version = 1,
        CreatedAt = now,
        UpdatedAt = now,
    };
}

/// <summary>A draft is rewritten as a whole.</summary>
internal static class ChangeVacancy
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] VacancyDetails? Vacancy);

    /// <param name="Version">The version now.</param>
    public sealed record Response(int Version);

    /// <summary>修改岗位草稿 (change a draft). A published vacancy is paused first.</summary>
    /// <response code="409">changed_meanwhile, wrong_vacancy_state, no_employer.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Database database, EmploymentSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        request.Vacancy!.Check(settings, clock.Today());
        var version = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                var (before, _) = await desk.FindAsync(db, id, cancellation);
                VacancyDeeds.RefuseUnlessIn(before, VacancyState.Draft, VacancyState.Paused);
                await db.RefuseUnknownDivisionAsync(request.Vacancy.DivisionCode, "vacancy.divisionCode", cancellation);
                if (request.Vacancy.Headcount < before.Hired)
                {
                    throw Refusal.OfField("vacancy.headcount", $"已录用 {before.Hired} 人,招聘人数不能更少。");
                }

                // What was published and is changed must be looked at again, by another than its last writer.
                var after = request.Vacancy.Into(before) with { MadeBy = caller.PersonId, State = VacancyState.Draft, Version = before.Version + 1, UpdatedAt = now };
                var taken = await db.Vacancies.Where(v => v.Id == id && v.Version == request.Version && v.State == before.State && v.Hired <= after.Headcount)
                    .Set(v => v.Version, after.Version).UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
                }

                await db.UpdateAsync(after, token: cancellation);
                await Audit.WriteAsync(db, caller, "change_vacancy", "vacancy", id, now);
                return after.Version;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }
}
