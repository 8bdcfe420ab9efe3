using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>The list of whoever keeps vacancies: her firm's, or those of the firms in her reach.</summary>
internal static class ListOfficeVacancies
{
    /// <param name="Offer">Whether workers see it at this moment.</param>
    public sealed record Item(
        string Id, int Version, VacancyState State, Offer Offer, string EmployerId, string EmployerName, string Title, int Headcount, int Hired, DateOnly EndsOn, VacancySource Source, DateTimeOffset UpdatedAt);

    /// <summary>岗位管理清单 (vacancies that I keep), newest first.</summary>
    /// <param name="state">draft, awaiting_approval, published, paused, filled, closed or taken_down; not given: all.</param>
    /// <param name="employer">One employer only.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, string? employer, int? take, string? after, Caller caller, EmploymentSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark, wanted) = (Page.Take(take), Page.AfterId(after), StateOf(state));
        if (employer is not null && !Ids.IsId(employer))
        {
            throw Refusal.OfField("employer", "请填写单位的编号。");
        }

        await using var db = database.Open();
        var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
        var (firmId, unions) = (desk.Firm?.Id, desk.Officer?.UnionIds ?? []);
        var ancestors = db.UnionAncestors;
        var rows = await (from v in db.Vacancies
                          join e in db.Employers on v.EmployerId equals e.Id
                          where firmId == null ? ancestors.Any(u => u.UnionId == e.UnionId && unions.Contains(u.AncestorId)) : e.Id == firmId
                          where wanted == null || v.State == wanted
                          where employer == null || e.Id == employer
                          where mark == null || v.Id.CompareTo(mark) < 0
                          orderby v.Id descending
                          select new { Vacancy = v, Employer = e }).Take(count + 1).ToListAsync(cancellation);
        var now = clock.Milliseconds();
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.Vacancy.Id, r.Vacancy.Version, r.Vacancy.State, Live.Of(r.Vacancy, r.Employer, settings, now), r.Employer.Id, r.Employer.Name, r.Vacancy.Title, r.Vacancy.Headcount, r.Vacancy.Hired, Instants.Date(r.Vacancy.EndsOn), r.Vacancy.Source, Instants.At(r.Vacancy.UpdatedAt)),
            r => r.Vacancy.Id));
    }

    private static VacancyState? StateOf(string? state) => state switch
    {
        null => null,
        "draft" => VacancyState.Draft,
        "awaiting_approval" => VacancyState.AwaitingApproval,
        "published" => VacancyState.Published,
        "paused" => VacancyState.Paused,
        "filled" => VacancyState.Filled,
        "closed" => VacancyState.Closed,
        "taken_down" => VacancyState.TakenDown,
        _ => throw Refusal.OfField("state", "没有这个状态,请从列表中选择。"),
    };
}

/// <summary>Whoever keeps a vacancy opens it: the text, what the machine found, what people decided, and what looks like it.</summary>
internal static class GetOfficeVacancy
{
    /// <param name="By">Who, or null for the program itself.</param>
    public sealed record Step(VacancyStepKind Kind, DateTimeOffset At, string? By, string? Reason, int? Blocks);

    /// <param name="Likeness">From 0 to 1.</param>
    public sealed record Duplicate(string Id, string Title, VacancyState State, double Likeness);

    /// <param name="Version">Give this back when changing or deciding.</param>
    /// <param name="Findings">Of the last reading.</param>
    /// <param name="Duplicates">Of the same employer, to be merged by a person.</param>
    public sealed record Response(
        string Id, int Version, VacancyState State, Offer Offer, string EmployerId, string EmployerName, VacancyDetails Vacancy, int Hired, string? MergedInto, IReadOnlyList<Finding> Findings, IReadOnlyList<Duplicate> Duplicates, IReadOnlyList<Step> Steps);

    /// <summary>查看岗位 (open a vacancy in the office).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, EmploymentSettings settings, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
        var (vacancy, employer) = await desk.FindAsync(db, id, cancellation);
        var (accounts, checks) = (db.StaffAccounts, db.VacancyChecks);
        var steps = await (from step in db.VacancySteps
                           from account in accounts.Where(a => a.PersonId == step.PersonId).DefaultIfEmpty()
                           from check in checks.Where(c => c.Id == step.CheckId).DefaultIfEmpty()
                           where step.VacancyId == id
                           orderby step.Id
                           select new { step, Name = (string?)account.DisplayName, Blocks = (int?)check.Blocks }).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(
            id,
            vacancy.Version,
            vacancy.State,
            Live.Of(vacancy, employer, settings, clock.Milliseconds()),
            employer.Id,
            employer.Name,
            VacancyDetails.Of(vacancy),
            vacancy.Hired,
            vacancy.MergedInto,
            await Findings.LastAsync(db, id, cancellation),
            [.. (await Similar.ToAsync(db, vacancy, cancellation)).Select(s => new Duplicate(s.Vacancy.Id, s.Vacancy.Title, s.Vacancy.State, Math.Round(s.Likeness, 2)))],
            [.. steps.Select(s => new Step(
                s.step.Kind, Instants.At(s.step.At), s.Name, s.step.ReasonSealed is { } reason ? cipher.Open(VacancyStepRow.ReasonPlace, s.step.Id, reason) : null, s.Blocks))]));
    }
}
