using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>The officers' list of complaints, with what is overdue. Each that is read is audited; who complains is not shown.</summary>
internal static class ListComplaints
{
    public const string Deed = "read_vacancy_complaints";

    /// <param name="WorkingDaysLeft">0 on the last day, negative when overdue; null when decided.</param>
    /// <param name="Proven">How many complaints about this employer have proved right since its last suspension was lifted.</param>
    public sealed record Item(
        string Id, int Version, string VacancyId, string Title, string EmployerId, string EmployerName, ComplaintKind Kind, string Text, ComplaintState State, DateOnly DueOn, int? WorkingDaysLeft, bool IsOverdue, int Proven, string? Answer, DateTimeOffset CreatedAt);

    /// <summary>岗位投诉清单 (complaints about vacancies), the soonest due first.</summary>
    /// <param name="state">open when not given; proven or unfounded.</param>
    /// <param name="overdue">true: only those whose last day is over.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, bool? overdue, int? take, string? after, Caller caller, Reach reach, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, wanted, today) = (Page.Take(take), StateOf(state), clock.Today());
        var (markDue, markId) = MarkOf(after);
        var onlyOverdue = overdue == true;
        var stored = today.Stored();
        var (rows, proven, days) = await database.TransactAsync(
            async db =>
            {
                var ancestors = db.UnionAncestors;
                var found = await (from c in db.VacancyComplaints
                                   join v in db.Vacancies on c.VacancyId equals v.Id
                                   join e in db.Employers on c.EmployerId equals e.Id
                                   where c.State == wanted && ancestors.Any(u => u.UnionId == e.UnionId && reach.UnionIds.Contains(u.AncestorId))
                                   where !onlyOverdue || c.DueOn.CompareTo(stored) < 0
                                   where markId == null || c.DueOn.CompareTo(markDue) > 0 || (c.DueOn == markDue && c.Id.CompareTo(markId) > 0)
                                   orderby c.DueOn, c.Id
                                   select new Seen(c, v.Title, e.Name)).Take(count + 1).ToListAsync(cancellation);
                var counts = new Dictionary<string, int>();
                foreach (var employerId in found.Select(f => f.Complaint.EmployerId).Distinct())
                {
                    counts[employerId] = await ProvenComplaints.CountAsync(db, employerId, cancellation);
                }

                var now = clock.Milliseconds();
                await db.InsertManyAsync([.. found.Take(count).Select(f => Audit.RowOf(caller, Deed, "vacancy_complaint", f.Complaint.Id, now, f.Complaint.PersonId))]);
                return (found, counts, await WorkingDays.ReadAsync(db, cancellation));
            },
            cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows, count, r => ItemOf(r, proven[r.Complaint.EmployerId], days, today, cipher), r => string.Create(CultureInfo.InvariantCulture, $"{r.Complaint.DueOn}.{r.Complaint.Id}")));
    }

    private sealed record Seen(VacancyComplaintRow Complaint, string Title, string EmployerName);

    private static Item ItemOf(Seen r, int proven, WorkingDays days, DateOnly today, FieldCipher cipher)
    {
        var (c, dueOn) = (r.Complaint, Instants.Date(r.Complaint.DueOn));
        var isOpen = c.State == ComplaintState.Open;
        return new Item(
            c.Id,
            c.Version,
            c.VacancyId,
            r.Title,
            c.EmployerId,
            r.EmployerName,
            c.Kind,
            cipher.Open(VacancyComplaintRow.TextPlace, c.Id, c.TextSealed),
            c.State,
            dueOn,
            isOpen ? days.Until(today, dueOn) : null,
            isOpen && dueOn < today,
            proven,
            c.AnswerSealed is { } answer ? cipher.Open(VacancyComplaintRow.AnswerPlace, c.Id, answer) : null,
            Instants.At(c.CreatedAt));
    }

    private static ComplaintState StateOf(string? state) => state switch
    {
        null or "open" => ComplaintState.Open,
        "proven" => ComplaintState.Proven,
        "unfounded" => ComplaintState.Unfounded,
        _ => throw Refusal.OfField("state", "请从 open、proven、unfounded 中选择。"),
    };

    /// <summary>Due day and id of the last one on the page before.</summary>
    private static (string? DueOn, string? Id) MarkOf(string? after) => after?.Split('.') switch
    {
        null => (null, null),
        [var dueOn, var id] when Ids.IsId(id) && DateOnly.TryParseExact(dueOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => (dueOn, id),
        _ => throw Page.WrongAfter(),
    };
}
