using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>Who has applied for a vacancy. Who took her disclosure back is not there.</summary>
internal static class ListVacancyApplications
{
    public const string Deed = "list_vacancy_applications";

    /// <param name="Name">Masked.</param>
    /// <param name="IsOverdue">An answer is due.</param>
    /// <param name="IsMarked">Officers only: to be helped first (就业困难人员、困难职工家庭); null for employers.</param>
    public sealed record Item(
        string Id, int Version, VacancyApplicationState State, string Name, DateTimeOffset SentAt, DateTimeOffset AnswerDueAt, bool IsOverdue, DateTimeOffset? InterviewAt, bool? IsMarked);

    /// <summary>投递清单 (applications for a vacancy), the oldest first.</summary>
    /// <response code="409">no_employer.</response>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark, now) = (Page.Take(take), Page.AfterId(after), clock.Milliseconds());
        var (rows, isOfficer) = await database.TransactAsync(
            async db =>
            {
                var desk = await VacancyDesk.OfAsync(db, caller, cancellation);
                await desk.FindAsync(db, id, cancellation);
                Applicants.RefuseSuspended(desk);
                await Audit.WriteAsync(db, caller, Deed, "vacancy", id, now);
                var found = await Applicants.In(db).Where(a => a.Application.VacancyId == id && (mark == null || a.Application.Id.CompareTo(mark) > 0))
                    .OrderBy(a => a.Application.Id).Take(count + 1).ToListAsync(cancellation);
                return (found, desk.Firm is null);
            },
            cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, isOfficer, cipher, now), r => r.Application.Id));
    }

    private static Item ItemOf(Applicant r, bool isOfficer, FieldCipher cipher, long now) => new(
        r.Application.Id,
        r.Application.Version,
        r.Application.State,
        Masking.Name(ResumeForm.Of(r.Resume, cipher).Name!),
        Instants.At(r.Application.CreatedAt),
        Instants.At(r.Application.AnswerDueAt),
        r.Application.IsAwaitingAnswer && r.Application.AnswerDueAt <= now,
        Instants.At(r.Application.InterviewAt),
        isOfficer ? r.IsMarked : null);
}

/// <summary>Whoever keeps the vacancy opens an application. When it is the firm's clerk, she has seen it from then on.</summary>
internal static class GetVacancyApplication
{
    public const string Deed = "read_resume";

    /// <param name="Basis">Why she is to be helped first.</param>
    public sealed record Mark(HardshipBasis Basis, DateTimeOffset At);

    /// <param name="Name">Whole while it is not decided; for employers masked after that.</param>
    /// <param name="Resume">As it is now; for employers without 人员类别 and 失业登记证号, and null once it is decided.</param>
    /// <param name="Phone">Null until she agrees that this employer sees it, and for employers once it is decided.</param>
    /// <param name="Hardship">Officers only: how she is marked.</param>
    public sealed record Response(
        string Id, int Version, string VacancyId, string Title, VacancyApplicationState State, UnsuitableReason? Reason, string Name, ResumeForm? Resume, string? Phone, DateTimeOffset SentAt, DateTimeOffset AnswerDueAt, DateTimeOffset? InterviewAt, string? InterviewPlace, DateOnly? ContractOn, Mark? Hardship);

    /// <summary>查看投递 (open an application).</summary>
    /// <response code="409">no_employer.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (found, title, mark, isOfficer) = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (applicant, vacancy, desk) = await Applicants.FindAsync(db, id, caller, cancellation);
                if (desk.Firm is not null && await SeeAsync(db, applicant.Application, caller, now, cancellation))
                {
                    applicant = (await Applicants.FindAsync(db, id, caller, cancellation)).Applicant;
                }

                await Audit.WriteAsync(db, caller, Deed, "vacancy_application", id, now, applicant.Application.PersonId);
                var live = desk.Firm is null
                    ? await db.HardshipMarks.FirstOrDefaultAsync(m => m.LivePersonId == applicant.Application.PersonId, cancellation)
                    : null;
                return (applicant, vacancy.Title, live, desk.Firm is null);
            },
            cancellation);
        var (a, resume) = (found.Application, ResumeForm.Of(found.Resume, cipher));

        // For what she applied the firm needs neither any more: her later changes are none of its business.
        var isOver = !isOfficer && a.State is VacancyApplicationState.Unsuitable or VacancyApplicationState.Hired;
        return TypedResults.Ok(new Response(
            a.Id,
            a.Version,
            a.VacancyId,
            title,
            a.State,
            a.Reason,
            isOver ? Masking.Name(resume.Name!) : resume.Name!,
            isOver ? null : isOfficer ? resume : resume.ForEmployers(),
            found.PhoneSealed is { } phone && !isOver ? cipher.Open(SetPhone.Place, a.PersonId, phone) : null,
            Instants.At(a.CreatedAt),
            Instants.At(a.AnswerDueAt),
            Instants.At(a.InterviewAt),
            a.InterviewPlace,
            Instants.DateOrNone(a.ContractOn),
            mark is null ? null : new Mark(HardshipMarks.Open(mark, cipher), Instants.At(mark.At))));
    }

    private static async Task<bool> SeeAsync(Db db, VacancyApplicationRow application, Caller caller, long now, CancellationToken cancellation)
    {
        var seen = await db.VacancyApplications.Where(a => a.Id == application.Id && a.State == VacancyApplicationState.Sent)
            .Set(a => a.State, VacancyApplicationState.Seen).Set(a => a.Version, a => a.Version + 1).Set(a => a.UpdatedAt, now).UpdateAsync(cancellation);
        if (seen > 0)
        {
            await JobSeeking.StepAsync(db, application.Id, VacancyApplicationState.Seen, Ids.New(), caller.PersonId, now, cancellation);
        }

        return seen > 0;
    }
}
