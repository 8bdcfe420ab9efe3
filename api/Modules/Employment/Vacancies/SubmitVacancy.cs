using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Words;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>A draft is handed in; the machine reads it, an officer decides.</summary>
internal static class SubmitVacancy
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <param name="Findings">What the word check found; one that blocks will be sent back unless the officer sees it otherwise.</param>
    public sealed record Response(int Version, IReadOnlyList<Finding> Findings);

    /// <summary>提交审核 (submit a vacancy).</summary>
    /// <response code="409">changed_meanwhile, wrong_vacancy_state, employer_suspended, verification_over.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, EmploymentSettings settings, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                var (vacancy, employer) = await desk.FindAsync(db, id, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.Draft);
                Firms.RefuseUnlessOffering(employer, now);
                VacancyDetails.Of(vacancy).Check(settings, Instants.DateOf(now));
                var (checkId, _) = await deeds.CheckAsync(db, vacancy, now, cancellation);
                await deeds.MoveAsync(
                    db, vacancy, request.Version!.Value, v => v with { State = VacancyState.AwaitingApproval }, VacancyStepKind.Submission, stepId, null, checkId, caller, now, cancellation);
            },
            cancellation);
        await using var db = database.Open();
        var version = await db.Vacancies.Where(v => v.Id == id).Select(v => v.Version).FirstAsync(cancellation);
        return TypedResults.Ok(new Response(version, await Findings.LastAsync(db, id, cancellation)));
    }
}

/// <summary>Findings as they were stored.</summary>
internal static class Findings
{
    public static async Task<IReadOnlyList<Finding>> LastAsync(Db db, string vacancyId, CancellationToken cancellation)
    {
        var stored = await db.VacancyChecks.Where(c => c.VacancyId == vacancyId).OrderByDescending(c => c.Id).Select(c => c.Findings).FirstOrDefaultAsync(cancellation);
        return stored is null ? [] : System.Text.Json.JsonSerializer.Deserialize<List<Finding>>(stored, ContractJson.Stored)!;
    }
}
