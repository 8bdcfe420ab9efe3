using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>
/// A second person publishes. The machine reads the text again by the list of the day; what it finds stands against
/// publication until the officer says in writing why it is lawful. Both are kept.
/// </summary>
internal static class ApproveVacancy
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Overruling">Why the findings do not stand against it, e.g. protected work; needed when one blocks.</param>
    public sealed record Request([property: Needed] int? Version, [property: LengthBetween(5, 300)] string? Overruling);

    /// <summary>审核通过并发布 (approve and publish).</summary>
    /// <response code="409">findings_stand: send it back, or say why it is lawful.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, VacancyDeeds deeds, EmploymentSettings settings, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var (vacancy, employer) = await Deciding.FindAsync(db, id, reach, cancellation);
                await Deciding.RefuseOwnAsync(db, vacancy, caller, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.AwaitingApproval);
                if (!settings.IsPublicationOn)
                {
                    throw new Refusal(EmploymentProblems.PublicationOff);
                }

                Firms.RefuseUnlessOffering(employer, now);
                if (vacancy.EndsAt <= now)
                {
                    throw new Refusal(EmploymentProblems.VacancyEnded);
                }

                var (checkId, findings) = await deeds.CheckAsync(db, vacancy, now, cancellation);
                if (findings.Any(f => f.StandsAgainst) && request.Overruling is null)
                {
                    throw new Refusal(EmploymentProblems.FindingsStand) { Present = new { findings } };
                }

                await deeds.MoveAsync(
                    db,
                    vacancy,
                    request.Version!.Value,
                    v => v with { State = VacancyState.Published, PublishedAt = v.PublishedAt ?? now, RefreshedAt = now },
                    VacancyStepKind.Approval,
                    stepId,
                    request.Overruling,
                    checkId,
                    caller,
                    now,
                    cancellation);
                await messenger.AddAsync(db, Deciding.Told(vacancy, "岗位已发布", $"“{vacancy.Title}”已通过审核并发布,有效期至 {vacancy.EndsOn}。"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>The second person sends a vacancy back, with a reason.</summary>
internal static class ReturnVacancy
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">What to change.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回修改 (return a vacancy).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, VacancyDeeds deeds, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var (vacancy, _) = await Deciding.FindAsync(db, id, reach, cancellation);
                await Deciding.RefuseOwnAsync(db, vacancy, caller, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.AwaitingApproval);
                var checkId = await db.VacancyChecks.Where(c => c.VacancyId == id).OrderByDescending(c => c.Id).Select(c => c.Id).FirstOrDefaultAsync(cancellation);
                await deeds.MoveAsync(
                    db, vacancy, request.Version!.Value, v => v with { State = VacancyState.Draft }, VacancyStepKind.Return, stepId, request.Reason, checkId, caller, now, cancellation);
                await messenger.AddAsync(db, Deciding.Told(vacancy, "岗位已退回修改", $"“{vacancy.Title}”已退回:{request.Reason}。请修改后重新提交。"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>An officer takes down what should not be shown (违规下架); it does not come back.</summary>
internal static class TakeDownVacancy
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>违规下架 (take a vacancy down).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, VacancyDeeds deeds, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var (vacancy, _) = await Deciding.FindAsync(db, id, reach, cancellation);
                VacancyDeeds.RefuseUnlessIn(vacancy, VacancyState.AwaitingApproval, VacancyState.Published, VacancyState.Paused, VacancyState.Filled);
                await deeds.MoveAsync(
                    db, vacancy, request.Version!.Value, v => v with { State = VacancyState.TakenDown }, VacancyStepKind.TakingDown, stepId, request.Reason, null, caller, now, cancellation);
                await messenger.AddAsync(db, Deciding.Told(vacancy, "岗位已下架", $"“{vacancy.Title}”已下架:{request.Reason}。"), now);
                await ApplicationNotices.TellTakenDownAsync(db, messenger, vacancy, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>What the officer's decisions have in common.</summary>
internal static class Deciding
{
    public const string NoticeKind = "vacancy";

    public static async Task<(VacancyRow Vacancy, EmployerRow Employer)> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var vacancy = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return (vacancy, await db.EmployerInReachAsync(vacancy.EmployerId, reach, cancellation));
    }

    /// <summary>Maker is not checker: nobody decides on what she wrote or handed in.</summary>
    public static async Task RefuseOwnAsync(Db db, VacancyRow vacancy, Caller caller, CancellationToken cancellation)
    {
        var handedIn = await db.VacancySteps.AnyAsync(
            s => s.VacancyId == vacancy.Id && s.Kind == VacancyStepKind.Submission && s.PersonId == caller.PersonId, cancellation);
        if (vacancy.MadeBy == caller.PersonId || handedIn)
        {
            throw new Refusal(EmploymentProblems.OwnVacancy);
        }
    }

    public static Notice Told(VacancyRow vacancy, string title, string text) => new(vacancy.MadeBy, NoticeKind, title, text, vacancy.Id);
}
