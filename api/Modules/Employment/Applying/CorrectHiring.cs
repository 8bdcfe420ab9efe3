using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>
/// A hiring was recorded by mistake: it counts no more, and the worker is told. The employer may do so for some days, an
/// officer, to whom a worker turns who was never hired, at any time.
/// </summary>
internal static class CorrectHiring
{
    public const int WithinDays = 30;

    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, KnownWord] HiringCorrectionReason? Reason);

    /// <summary>更正入职登记 (correct a hiring). She is accepted again, or, when she discloses nothing to the employer any more, withdrawn.</summary>
    /// <response code="409">hiring_correction_over: thirty days have passed, an officer corrects it.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, VacancyDeeds vacancies, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var before = await FindAsync(db, id, caller, now, cancellation);
                var vacancy = await GiveBackPostAsync(db, vacancies, before.VacancyId, caller, now, cancellation);
                var state = await DisclosesAsync(db, before.PersonId, vacancy.EmployerId, cancellation) ? VacancyApplicationState.Accepted : VacancyApplicationState.Withdrawn;
                await MoveAsync(db, before, state, request.Version!.Value, now, cancellation);
                await JobSeeking.StepAsync(db, id, state, stepId, caller.PersonId, now, cancellation, request.Reason);
                await Audit.WriteAsync(db, caller, "correct_hiring", "vacancy_application", id, now, before.PersonId);
                var firm = await db.Employers.Where(e => e.Id == vacancy.EmployerId).Select(e => e.Name).FirstAsync(cancellation);
                await messenger.AddAsync(db, Told(before, state, firm, VacancyTitles.ToWorkers(vacancy), request.Reason!.Value), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>The recorded hiring if it is hers to correct. It is found without what the worker discloses: nothing of her is shown.</summary>
    private static async Task<VacancyApplicationRow> FindAsync(Db db, string id, Caller caller, long now, CancellationToken cancellation)
    {
        var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
        var application = await db.VacancyApplications.FirstOrDefaultAsync(a => a.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        await desk.FindAsync(db, application.VacancyId, cancellation);
        Applicants.RefuseSuspended(desk);
        if (await db.IsOneHumanAsync(application.PersonId, caller.PersonId, cancellation))
        {
            throw new Refusal(EmploymentProblems.OwnApplication);
        }

        if (application.State != VacancyApplicationState.Hired)
        {
            throw new Refusal(EmploymentProblems.WrongApplicationState) { Present = new { application.State, application.Version } };
        }

        var recordedAt = await db.VacancyApplicationSteps.Where(s => s.ApplicationId == id && s.State == VacancyApplicationState.Hired).MaxAsync(s => s.At, cancellation);
        return desk.Firm is null || now < Instants.StartOf(Instants.DateOf(recordedAt).AddDays(WithinDays + 1))
            ? application
            : throw new Refusal(EmploymentProblems.HiringCorrectionOver);
    }

    /// <summary>One of the headcount is free again. A vacancy that was filled by it waits for the employer to resume it.</summary>
    private static async Task<VacancyRow> GiveBackPostAsync(Db db, VacancyDeeds vacancies, string vacancyId, Caller caller, long now, CancellationToken cancellation)
    {
        await db.ExecuteAsync("UPDATE vacancies SET hired = hired - 1 WHERE id = @vacancyId AND hired > 0", new { vacancyId }, cancellation);
        var vacancy = await db.Vacancies.FirstAsync(v => v.Id == vacancyId, cancellation);
        if (vacancy.State == VacancyState.Filled && vacancy.Hired + 1 == vacancy.Headcount)
        {
            await vacancies.MoveAsync(
                db, vacancy, vacancy.Version, v => v with { State = VacancyState.Paused }, VacancyStepKind.Pause, Ids.New(), null, null, caller, now, cancellation);
        }

        return vacancy;
    }

    /// <summary>The row is taken: a withdrawal waits and then finds an application that is open again.</summary>
    private static async Task<bool> DisclosesAsync(Db db, string personId, string employerId, CancellationToken cancellation) =>
        await db.EmployerDisclosures.Where(d => d.LivePersonId == personId && d.EmployerId == employerId)
            .Set(d => d.LivePersonId, d => d.LivePersonId).UpdateAsync(cancellation) > 0;

    private static async Task MoveAsync(Db db, VacancyApplicationRow before, VacancyApplicationState state, int version, long now, CancellationToken cancellation)
    {
        var moved = await db.VacancyApplications.Where(a => a.Id == before.Id && a.Version == version && a.State == VacancyApplicationState.Hired)
            .Set(a => a.State, state)
            .Set(a => a.ContractOn, (string?)null)
            .Set(a => a.FollowUpDueAt, (long?)null)
            .Set(a => a.AskedAt, (long?)null)
            .Set(a => a.IsStillThere, (bool?)null)
            .Set(a => a.Version, version + 1)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
        }
    }

    private static Notice Told(VacancyApplicationRow before, VacancyApplicationState state, string firm, string title, HiringCorrectionReason reason)
    {
        var why = reason switch
        {
            HiringCorrectionReason.DidNotStart => "您没有入职",
            HiringCorrectionReason.WrongPerson => "登记到了另一人名下",
            _ => "合同签订日登记有误",
        };
        var outcome = state == VacancyApplicationState.Accepted ? "您的投递恢复为已录用" : "这份投递已结束";
        return new Notice(
            before.PersonId, ApplicationNotices.Answer, "入职登记已更正", $"{firm}对您入职“{title}”的登记已更正:{why}。{outcome}。与事实不符的,请联系工会或投诉该岗位。", before.Id);
    }
}
