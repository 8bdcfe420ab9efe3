using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>How far have my applications come?</summary>
internal static class ListMyApplications
{
    /// <param name="Reason">With unsuitable: which of the list.</param>
    /// <param name="IsOverdue">The employer should have answered before now.</param>
    /// <param name="AsksFollowUp">Three months have passed since the contract: am I still there?</param>
    public sealed record Item(
        string Id, string VacancyId, string Title, string EmployerId, string EmployerName, VacancyApplicationState State, UnsuitableReason? Reason, DateTimeOffset? InterviewAt, string? InterviewPlace, DateOnly? ContractOn, DateTimeOffset AnswerDueAt, bool IsOverdue, bool AsksFollowUp, bool? IsStillThere, DateTimeOffset SentAt, DateTimeOffset UpdatedAt);

    /// <summary>我的投递 (my applications), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark, now) = (Page.Take(take), Page.AfterId(after), clock.Milliseconds());
        await using var db = database.Open();
        var rows = await (from a in db.VacancyApplications
                          join v in db.Vacancies on a.VacancyId equals v.Id
                          join e in db.Employers on v.EmployerId equals e.Id
                          where a.PersonId == caller.PersonId && (mark == null || a.Id.CompareTo(mark) < 0)
                          orderby a.Id descending
                          select new { Application = a, v.Title, v.State, EmployerId = e.Id, e.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r.Application, VacancyTitles.ToWorkers(r.Title, r.State), r.EmployerId, r.Name, now), r => r.Application.Id));
    }

    private static Item ItemOf(VacancyApplicationRow a, string title, string employerId, string employerName, long now) => new(
        a.Id, a.VacancyId, title, employerId, employerName, a.State, a.Reason, Instants.At(a.InterviewAt), a.InterviewPlace, Instants.DateOrNone(a.ContractOn), Instants.At(a.AnswerDueAt), a.IsAwaitingAnswer && a.AnswerDueAt <= now, FollowUps.IsAsked(a, now), a.IsStillThere, Instants.At(a.CreatedAt), Instants.At(a.UpdatedAt));
}

/// <summary>三个月回访: is she still there? Her answer makes 稳定就业.</summary>
internal static class AnswerHiringFollowUp
{
    public sealed record Request([property: Needed] bool? IsStillThere);

    /// <summary>回答回访 (answer the follow-up). A later answer replaces it.</summary>
    /// <response code="409">follow_up_not_due.</response>
    internal static async Task<NoContent> Handle(string id, Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var mine = await db.VacancyApplications.FirstOrDefaultAsync(a => a.Id == id && a.PersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (mine.State != VacancyApplicationState.Hired || mine.FollowUpDueAt > now)
                {
                    throw new Refusal(EmploymentProblems.FollowUpNotDue);
                }

                if (mine.IsStillThere == request.IsStillThere)
                {
                    return;
                }

                await db.VacancyApplications.Where(a => a.Id == id)
                    .Set(a => a.IsStillThere, request.IsStillThere).Set(a => a.Version, a => a.Version + 1).Set(a => a.UpdatedAt, now).UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "answer_follow_up", "vacancy_application", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
