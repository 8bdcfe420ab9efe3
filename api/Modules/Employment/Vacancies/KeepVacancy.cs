using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Words;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>What may become of a published vacancy by the hand of whoever keeps it.</summary>
internal static class KeepVacancy
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>暂停招聘 (pause a vacancy).</summary>
    internal static Task<NoContent> HandlePause(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, CancellationToken cancellation) =>
        MoveAsync(id, request, key, caller, idempotency, deeds, VacancyState.Paused, VacancyStepKind.Pause, [VacancyState.Published], cancellation);

    /// <summary>恢复招聘 (resume a paused vacancy).</summary>
    /// <response code="409">vacancy_ended: renew it instead.</response>
    internal static Task<NoContent> HandleResume(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, CancellationToken cancellation) =>
        MoveAsync(id, request, key, caller, idempotency, deeds, VacancyState.Published, VacancyStepKind.Resumption, [VacancyState.Paused], cancellation);

    /// <summary>招满 (a vacancy is filled).</summary>
    internal static Task<NoContent> HandleFill(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, CancellationToken cancellation) =>
        MoveAsync(id, request, key, caller, idempotency, deeds, VacancyState.Filled, VacancyStepKind.Filling, [VacancyState.Published, VacancyState.Paused], cancellation);

    /// <summary>撤下岗位 (close a vacancy, or give up a draft).</summary>
    internal static Task<NoContent> HandleClose(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, CancellationToken cancellation) =>
        MoveAsync(
            id, request, key, caller, idempotency, deeds, VacancyState.Closed, VacancyStepKind.Closing, [VacancyState.Draft, VacancyState.AwaitingApproval, VacancyState.Published, VacancyState.Paused], cancellation);

    private static async Task<NoContent> MoveAsync(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds deeds, VacancyState state, VacancyStepKind step, VacancyState[] from, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                var (vacancy, employer) = await desk.FindAsync(db, id, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, from);
                if (state == VacancyState.Published)
                {
                    Firms.RefuseUnlessOffering(employer, now);
                    if (vacancy.EndsAt <= now)
                    {
                        throw new Refusal(EmploymentProblems.VacancyEnded);
                    }
                }

                await deeds.MoveAsync(db, vacancy, request.Version!.Value, v => v with { State = state }, step, stepId, null, null, caller, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>
/// One tap, also after its end: the vacancy as it was published is good for another span; one that is paused stays so until it
/// is resumed. The machine reads it again.
/// </summary>
internal static class RenewVacancy
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="EndsOn">The new last day; the longest span when left out.</param>
    public sealed record Request([property: Needed] int? Version, DateOnly? EndsOn);

    public sealed record Response(int Version, DateOnly EndsOn);

    /// <summary>一键续期 (renew a vacancy).</summary>
    /// <response code="409">findings_stand: the list has changed since; pause, correct and hand it in again.</response>
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
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.Published, VacancyState.Paused);
                Firms.RefuseUnlessOffering(employer, now);
                var endsOn = request.EndsOn ?? Live.LastDay(now, settings.MostDays);
                if (endsOn < Instants.DateOf(now) || endsOn > Live.LastDay(now, settings.MostDays))
                {
                    throw Refusal.OfField("endsOn", $"有效期应在今天到 {settings.MostDays} 天以后之间。");
                }

                var (checkId, findings) = await deeds.CheckAsync(db, vacancy, now, cancellation);
                var overruled = await OverruledAsync(db, id, cancellation);
                if (findings.Any(f => f.StandsAgainst && !overruled.Contains((f.RuleId, f.Field, f.Words))))
                {
                    throw new Refusal(EmploymentProblems.FindingsStand) { Present = new { findings } };
                }

                await deeds.MoveAsync(
                    db,
                    vacancy,
                    request.Version!.Value,
                    v => v with { EndsOn = endsOn.Stored(), EndsAt = Instants.StartOf(endsOn.AddDays(1)), RefreshedAt = now },
                    VacancyStepKind.Renewal,
                    stepId,
                    null,
                    checkId,
                    caller,
                    now,
                    cancellation);
            },
            cancellation);
        await using var db = database.Open();
        var renewed = await db.Vacancies.FirstAsync(v => v.Id == id, cancellation);
        return TypedResults.Ok(new Response(renewed.Version, Instants.Date(renewed.EndsOn)));
    }

    /// <summary>The findings of which an officer has written down why they do not stand against it; the text has not changed since.</summary>
    private static async Task<HashSet<(string RuleId, string Field, string Words)>> OverruledAsync(Db db, string id, CancellationToken cancellation)
    {
        var approval = await db.VacancySteps.Where(s => s.VacancyId == id && s.Kind == VacancyStepKind.Approval)
            .OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellation);
        if (approval is not { ReasonSealed: not null, CheckId: { } checkId })
        {
            return [];
        }

        var stored = await db.VacancyChecks.Where(c => c.Id == checkId).Select(c => c.Findings).FirstAsync(cancellation);
        return [.. JsonSerializer.Deserialize<List<Finding>>(stored, ContractJson.Stored)!.Select(f => (f.RuleId, f.Field, f.Words))];
    }
}
