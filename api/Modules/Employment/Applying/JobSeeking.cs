using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>The consent under which résumés are kept, the one for each employer, and what follows when either is taken back.</summary>
internal static class JobSeeking
{
    public const string Purpose = "job_seeking";
    public const string Channel = "mini_program";

    /// <returns>The consent that holds, to the newest text. Its row is taken: a withdrawal waits and then finds what was written.</returns>
    /// <exception cref="Refusal">Not agreed, or to an older text, or taken back meanwhile.</exception>
    public static async Task<ConsentRow> NeedConsentAsync(Db db, string personId, CancellationToken cancellation) =>
        await db.CurrentConsentAsync(personId, Purpose, cancellation) is { } consent && await db.TakeConsentAsync(personId, Purpose, cancellation)
            ? consent
            : throw new Refusal(EmploymentProblems.JobSeekingConsentNeeded);

    /// <summary>The résumé goes, and with it whatever employers saw of it.</summary>
    public static async Task<IReadOnlyList<string>> FollowWithdrawalAsync(
        IMessenger messenger, Db db, Caller caller, long now, CancellationToken cancellation)
    {
        var employers = await db.EmployerDisclosures.Where(d => d.LivePersonId == caller.PersonId).Select(d => d.EmployerId).ToListAsync(cancellation);
        foreach (var employerId in employers)
        {
            await EndDisclosureAsync(db, messenger, caller, employerId, now, cancellation);
        }

        await HardshipMarks.EndAsync(db, caller.PersonId, caller, now, cancellation);
        await db.Resumes.Where(r => r.PersonId == caller.PersonId).DeleteAsync(cancellation);
        return ["您的简历已删除,全部未办结的投递已撤回,用人单位已看不到您的信息。"];
    }

    /// <summary>From the commit on this employer sees nothing of her; what was not decided is withdrawn.</summary>
    public static async Task EndDisclosureAsync(Db db, IMessenger messenger, Caller caller, string employerId, long now, CancellationToken cancellation)
    {
        var ended = await db.EmployerDisclosures.Where(d => d.LivePersonId == caller.PersonId && d.EmployerId == employerId)
            .Set(d => d.LivePersonId, (string?)null).Set(d => d.WithdrawnAt, now).UpdateAsync(cancellation);
        foreach (var open in await OpenAsync(db, caller.PersonId, employerId, cancellation))
        {
            await WithdrawAsync(db, messenger, caller, open, now, cancellation);
        }

        if (ended > 0)
        {
            await Audit.WriteAsync(db, caller, "end_employer_disclosure", "employer", employerId, now);
        }
    }

    /// <summary>Her applications to this employer that are not decided.</summary>
    public static Task<List<VacancyApplicationRow>> OpenAsync(Db db, string personId, string employerId, CancellationToken cancellation) =>
        db.QueryToListAsync<VacancyApplicationRow>(
            """
            SELECT a.* FROM vacancy_applications a JOIN vacancies v ON v.id = a.vacancy_id
            WHERE a.person_id = @personId AND v.employer_id = @employerId AND a.state IN ('sent', 'seen', 'invited', 'accepted') ORDER BY a.id
            """,
            new { personId, employerId },
            cancellation);

    /// <summary>Withdraws an application that is not decided. An employer that had opened it is told which, not whose.</summary>
    /// <returns>False: it was decided, or withdrawn before.</returns>
    public static async Task<bool> WithdrawAsync(Db db, IMessenger messenger, Caller caller, VacancyApplicationRow application, long now, CancellationToken cancellation)
    {
        if (!await TakeBackAsync(db, application, caller.PersonId, now, cancellation))
        {
            return false;
        }

        await Audit.WriteAsync(db, caller, "withdraw_vacancy_application", "vacancy_application", application.Id, now);
        if (application.State != VacancyApplicationState.Sent)
        {
            var vacancy = await db.Vacancies.FirstAsync(v => v.Id == application.VacancyId, cancellation);
            await ClerkNotices.TellAsync(
                db,
                messenger,
                vacancy.EmployerId,
                "一份投递已撤回",
                $"{Instants.InWords(application.CreatedAt)}对“{vacancy.Title}”的投递由求职者撤回,其简历和电话不再显示。请删除已记录的内容,不得继续使用;约好的面试请取消。",
                vacancy.Id,
                now,
                cancellation);
        }

        return true;
    }

    /// <summary>Ends an application that is not decided, with its step; nobody is told.</summary>
    /// <returns>False: it was decided, or withdrawn before.</returns>
    public static async Task<bool> TakeBackAsync(Db db, VacancyApplicationRow application, string personId, long now, CancellationToken cancellation)
    {
        var applicationId = application.Id;
        var withdrawn = await db.VacancyApplications
            .Where(a => a.Id == applicationId && a.State != VacancyApplicationState.Withdrawn && a.State != VacancyApplicationState.Hired && a.State != VacancyApplicationState.Unsuitable)
            .Set(a => a.State, VacancyApplicationState.Withdrawn)
            .Set(a => a.Version, a => a.Version + 1)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (withdrawn > 0)
        {
            await StepAsync(db, applicationId, VacancyApplicationState.Withdrawn, Ids.New(), personId, now, cancellation);
        }

        return withdrawn > 0;
    }

    public static Task StepAsync(
        Db db, string applicationId, VacancyApplicationState state, string stepId, string personId, long now, CancellationToken cancellation, HiringCorrectionReason? reason = null) =>
        db.InsertAsync(
            new VacancyApplicationStepRow { Id = stepId, ApplicationId = applicationId, State = state, Reason = reason, PersonId = personId, At = now },
            token: cancellation);

    /// <summary>Erased people disclose nothing any more; the row stays as the proof that she had agreed.</summary>
    public static Task BeforeErasingAsync(Db db, string personId, long now, CancellationToken cancellation) =>
        db.EmployerDisclosures.Where(d => d.LivePersonId == personId)
            .Set(d => d.LivePersonId, (string?)null).Set(d => d.WithdrawnAt, now).UpdateAsync(cancellation);
}

/// <summary>What a firm's clerks are told.</summary>
internal static class ClerkNotices
{
    public static Task TellSuspendedAsync(Db db, IMessenger messenger, string employerId, long now, CancellationToken cancellation) =>
        TellAsync(db, messenger, employerId, "已暂停发布岗位", "贵单位的岗位已暂停展示,也不能查看和办理投递。请联系工会了解原因并整改。", employerId, now, cancellation);

    public static async Task TellAsync(
        Db db, IMessenger messenger, string employerId, string title, string text, string recordId, long now, CancellationToken cancellation)
    {
        var clerks = await db.GetTable<ClerkRow>().Where(c => c.EmployerId == employerId).OrderBy(c => c.PersonId).Select(c => c.PersonId).ToListAsync(cancellation);
        if (clerks.Count > 0)
        {
            await messenger.AddAsync(db, [.. clerks.Select(clerk => new Notice(clerk, Vacancies.Deciding.NoticeKind, title, text, recordId))], now);
        }
    }
}
