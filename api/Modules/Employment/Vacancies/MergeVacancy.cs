using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>Two posts for one workplace become one; the other's link leads to it.</summary>
internal static class MergeVacancy
{
    /// <param name="Version">Of the vacancy that goes.</param>
    /// <param name="IntoId">The published vacancy of the same employer that stays.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, Id] string? IntoId);

    /// <summary>合并重复岗位 (merge a duplicate).</summary>
    /// <response code="409">vacancies_not_similar: not the same employer, or the other is not published.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                var (vacancy, _) = await desk.FindAsync(db, id, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.AwaitingApproval, VacancyState.Published, VacancyState.Paused);
                var into = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == request.IntoId, cancellation);
                if (into is not { State: VacancyState.Published } || into.EmployerId != vacancy.EmployerId || into.Id == vacancy.Id)
                {
                    throw new Refusal(EmploymentProblems.NotSimilar);
                }

                await deeds.MoveAsync(
                    db, vacancy, request.Version!.Value, v => v with { State = VacancyState.Closed, MergedInto = into.Id }, VacancyStepKind.Merger, stepId, null, null, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
