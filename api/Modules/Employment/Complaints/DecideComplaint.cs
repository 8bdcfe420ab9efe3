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
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>
/// An officer decides a complaint; whoever complained is told. One that proves right takes the vacancy off show unless the
/// officer leaves it; the third suspends the firm.
/// </summary>
internal static class DecideComplaint
{
    public const string NoticeKind = "complaint_decided";

    /// <param name="Version">The version that was read.</param>
    /// <param name="State">proven or unfounded.</param>
    /// <param name="Answer">Told to whoever complained.</param>
    /// <param name="LeavesVacancy">With proven: true leaves the vacancy as it is, e.g. because it has been put right; otherwise it is taken down with the decision.</param>
    public sealed record Request(
        [property: Needed] int? Version, [property: Needed, KnownWord] ComplaintState? State, [property: Needed, LengthBetween(2, 300)] string? Answer, bool? LeavesVacancy);

    /// <param name="Proven">How many complaints about this employer have proved right since its last suspension was lifted.</param>
    /// <param name="IsSuspended">Whether the firm is suspended now.</param>
    /// <param name="IsTakenDown">Whether the vacancy is taken down now.</param>
    public sealed record Response(int Proven, bool IsSuspended, bool IsTakenDown);

    /// <summary>处理岗位投诉 (decide a complaint).</summary>
    /// <response code="409">complaint_decided_already, changed_meanwhile, own_complaint.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, ProvenComplaints proving, IMessenger messenger, Database database, CancellationToken cancellation)
    {
        if (request.State == ComplaintState.Open)
        {
            throw Refusal.OfField("state", "请从 proven、unfounded 中选择。");
        }

        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                // The firm's row first: of two officers at once the second counts what the first has decided.
                await db.ExecuteAsync("UPDATE employers SET updated_at = @now WHERE id = (SELECT c.employer_id FROM vacancy_complaints c WHERE c.id = @id)", new { now, id }, cancellation);
                var complaint = await db.VacancyComplaints.FirstOrDefaultAsync(c => c.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                await db.EmployerInReachAsync(complaint.EmployerId, reach, cancellation);
                if (await db.IsOneHumanAsync(complaint.PersonId, caller.PersonId, cancellation))
                {
                    throw new Refusal(EmploymentProblems.OwnComplaint);
                }

                await MoveAsync(db, complaint, request, caller, cipher, now, cancellation);
                var vacancy = await db.Vacancies.FirstAsync(v => v.Id == complaint.VacancyId, cancellation);
                var found = request.State == ComplaintState.Proven ? "属实" : "不属实";
                await messenger.AddAsync(
                    db, new Notice(complaint.PersonId, NoticeKind, "岗位投诉已处理", $"您对“{VacancyTitles.ToWorkers(vacancy)}”的投诉经核查{found}:{request.Answer}", complaint.Id), now);
                if (request.State == ComplaintState.Proven)
                {
                    await proving.FollowAsync(db, vacancy, request.LeavesVacancy == true, stepId, caller, now, cancellation);
                }
            },
            cancellation);
        await using var db = database.Open();
        var decided = await db.VacancyComplaints.FirstOrDefaultAsync(c => c.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Ok(new Response(
            await ProvenComplaints.CountAsync(db, decided.EmployerId, cancellation),
            await db.Employers.AnyAsync(e => e.Id == decided.EmployerId && e.State == EmployerState.Suspended, cancellation),
            await db.Vacancies.AnyAsync(v => v.Id == decided.VacancyId && v.State == VacancyState.TakenDown, cancellation)));
    }

    private static async Task MoveAsync(
        Db db, VacancyComplaintRow complaint, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var moved = await db.VacancyComplaints.Where(c => c.Id == complaint.Id && c.State == ComplaintState.Open && c.Version == request.Version)
            .Set(c => c.State, request.State!.Value)
            .Set(c => c.OpenPersonId, (string?)null)
            .Set(c => c.AnswerSealed, cipher.Seal(VacancyComplaintRow.AnswerPlace, complaint.Id, request.Answer!))
            .Set(c => c.DecidedBy, caller.PersonId)
            .Set(c => c.DecidedAt, now)
            .Set(c => c.Version, complaint.Version + 1)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(complaint.State == ComplaintState.Open ? CommonProblems.ChangedMeanwhile : EmploymentProblems.ComplaintDecided)
            {
                Present = new { complaint.State, complaint.Version },
            };
        }

        await Audit.WriteAsync(db, caller, "decide_vacancy_complaint", "vacancy_complaint", complaint.Id, now, complaint.PersonId);
    }
}
