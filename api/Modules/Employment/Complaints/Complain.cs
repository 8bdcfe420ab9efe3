using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>Any worker complains about any vacancy that was ever published; the union answers within five working days.</summary>
internal static class Complain
{
    /// <summary>Working days (domain/employment.md 4.3).</summary>
    private const int AnswerWithin = 5;

    /// <param name="Text">What is wrong; read by the officer who decides, never by the employer.</param>
    public sealed record Request([property: Needed, KnownWord] ComplaintKind? Kind, [property: Needed, LengthBetween(5, 500)] string? Text);

    /// <param name="DueOn">The last day on which the union answers in time.</param>
    public sealed record Response(string Id, ComplaintState State, DateOnly DueOn);

    /// <summary>投诉岗位 (complain about a vacancy).</summary>
    /// <response code="409">complaint_open: the one before is not decided yet.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, IMessenger messenger, Database database, CancellationToken cancellation)
    {
        var made = await idempotency.OnceAsync(key, caller, request, (db, complaintId, now) => MakeAsync(db, complaintId, id, request, caller, cipher, messenger, now, cancellation), cancellation);
        await using var db = database.Open();
        var row = await db.VacancyComplaints.FirstOrDefaultAsync(c => c.Id == made, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Created("/api/v1/me/vacancy-complaints", new Response(made, row.State, Instants.Date(row.DueOn)));
    }

    private static async Task MakeAsync(
        Db db, string complaintId, string vacancyId, Request request, Caller caller, FieldCipher cipher, IMessenger messenger, long now, CancellationToken cancellation)
    {
        var vacancy = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == vacancyId && v.PublishedAt != null, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        if (await db.VacancyComplaints.AnyAsync(c => c.VacancyId == vacancyId && c.OpenPersonId == caller.PersonId, cancellation))
        {
            throw new Refusal(EmploymentProblems.ComplaintOpen);
        }

        var dueOn = (await WorkingDays.ReadAsync(db, cancellation)).After(Instants.DateOf(now), AnswerWithin).Stored();
        try
        {
            await db.InsertAsync(
                new VacancyComplaintRow
                {
                    Id = complaintId,
                    VacancyId = vacancyId,
                    EmployerId = vacancy.EmployerId,
                    PersonId = caller.PersonId,
                    OpenPersonId = caller.PersonId,
                    Kind = request.Kind!.Value,
                    TextSealed = cipher.Seal(VacancyComplaintRow.TextPlace, complaintId, request.Text!),
                    State = ComplaintState.Open,
                    DueOn = dueOn,
                    Version = 1,
                    CreatedAt = now,
                },
                token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(EmploymentProblems.ComplaintOpen);
        }

        await Audit.WriteAsync(db, caller, "complain_about_vacancy", "vacancy_complaint", complaintId, now);
        await OfficerNotices.TellAsync(
            db, messenger, vacancy.EmployerId, "收到新的岗位投诉", $"“{vacancy.Title}”受到一起投诉,请核查并在 {dueOn} 前答复。", complaintId, now, cancellation);
    }
}

/// <summary>What became of my complaints?</summary>
internal static class ListMyComplaints
{
    /// <param name="Answer">What the union found; null while it is open.</param>
    public sealed record Item(
        string Id, string VacancyId, string Title, ComplaintKind Kind, string Text, ComplaintState State, DateOnly DueOn, string? Answer, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt);

    /// <summary>我的投诉 (my complaints about vacancies), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var rows = await (from c in db.VacancyComplaints
                          join v in db.Vacancies on c.VacancyId equals v.Id
                          where c.PersonId == caller.PersonId && (mark == null || c.Id.CompareTo(mark) < 0)
                          orderby c.Id descending
                          select new { Complaint = c, v.Title, v.State }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r.Complaint, VacancyTitles.ToWorkers(r.Title, r.State), cipher), r => r.Complaint.Id));
    }

    private static Item ItemOf(VacancyComplaintRow c, string title, FieldCipher cipher) => new(
        c.Id,
        c.VacancyId,
        title,
        c.Kind,
        cipher.Open(VacancyComplaintRow.TextPlace, c.Id, c.TextSealed),
        c.State,
        Instants.Date(c.DueOn),
        c.AnswerSealed is { } answer ? cipher.Open(VacancyComplaintRow.AnswerPlace, c.Id, answer) : null,
        Instants.At(c.CreatedAt),
        Instants.At(c.DecidedAt));
}
