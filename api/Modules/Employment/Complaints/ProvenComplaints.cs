using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Vacancies;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>What follows for a firm when a complaint proves right, in the transaction of the decision.</summary>
internal sealed class ProvenComplaints(VacancyDeeds vacancies, FieldCipher cipher, IMessenger messenger)
{
    /// <summary>So many and the firm is suspended (domain/employment.md 4.3).</summary>
    public const int Suspending = 3;

    private const string Counted =
        """
        SELECT COUNT(*) FROM proven_complaints p WHERE p.employer_id = @employerId
            AND p.at > COALESCE((SELECT MAX(s.at) FROM employer_steps s WHERE s.employer_id = @employerId AND s.kind = 'lifting'), 0)
        """;

    /// <summary>Counted from nothing after each lifting.</summary>
    public static async Task<int> CountAsync(Db db, string employerId, CancellationToken cancellation) =>
        (await db.QueryToListAsync<int>(Counted, new { employerId }, cancellation))[0];

    /// <summary>Whether a proven complaint takes it off show; one that is written anew is looked at before it is shown again.</summary>
    public static bool IsShown(VacancyRow vacancy) => vacancy.State is VacancyState.Published or VacancyState.Paused or VacancyState.Filled;

    /// <param name="staysShown">The officer leaves the vacancy as it is.</param>
    public async Task FollowAsync(Db db, VacancyRow vacancy, bool staysShown, string stepId, Caller caller, long now, CancellationToken cancellation)
    {
        var employerId = vacancy.EmployerId;
        await db.InsertAsync(new ProvenComplaintRow { Id = Ids.New(), EmployerId = employerId, VacancyId = vacancy.Id, At = now }, token: cancellation);
        var isTakenDown = !staysShown && IsShown(vacancy);
        if (isTakenDown)
        {
            await vacancies.MoveAsync(
                db, vacancy, vacancy.Version, v => v with { State = VacancyState.TakenDown }, VacancyStepKind.TakingDown, Ids.New(), "投诉经核查属实", null, caller, now, cancellation);
            await ApplicationNotices.TellTakenDownAsync(db, messenger, vacancy, now, cancellation);
        }

        var proven = await CountAsync(db, employerId, cancellation);
        await ClerkNotices.TellAsync(
            db,
            messenger,
            employerId,
            "有一起岗位投诉属实",
            $"“{vacancy.Title}”受到的一起投诉经核查属实,{(isTakenDown ? "岗位已下架" : "岗位暂不下架")},请整改。属实的投诉现有 {proven} 起,满 {Suspending} 起暂停发布。",
            vacancy.Id,
            now,
            cancellation);
        await SuspendAsync(db, employerId, proven, stepId, caller, now, cancellation);
    }

    private async Task SuspendAsync(Db db, string employerId, int proven, string stepId, Caller caller, long now, CancellationToken cancellation)
    {
        var firm = await db.Employers.FirstAsync(e => e.Id == employerId, cancellation);
        if (firm.State == EmployerState.Verified && proven >= Suspending)
        {
            await Firms.MoveAsync(
                db, cipher, firm, EmployerState.Suspended, EmployerStepKind.Suspension, stepId, $"累计 {proven} 起投诉属实,自动暂停", caller, now, cancellation);
            await ClerkNotices.TellSuspendedAsync(db, messenger, employerId, now, cancellation);
        }
    }
}
