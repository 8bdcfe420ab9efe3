using System.Text;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The officer's work list: what is due first stands first.</summary>
internal static class ListApplications
{
    /// <param name="Name">Masked.</param>
    /// <param name="IdNumber">Masked; null when she took back her consent after the application was returned or rejected.</param>
    /// <param name="Phone">Masked.</param>
    /// <param name="WorkingDaysLeft">Until <paramref name="ContactDueOn"/>; negative when past.</param>
    /// <param name="IsContacted">The union has noted a contact since the last submission.</param>
    /// <param name="IsReminded">Day 10 has come without a contact.</param>
    /// <param name="IsOverdue">Day 15 has passed without a contact.</param>
    public sealed record Item(
        string Id,
        int Version,
        ApplicationState State,
        string Name,
        string? IdNumber,
        string? Phone,
        string UnionId,
        string UnionName,
        DateTimeOffset SubmittedAt,
        DateOnly ContactDueOn,
        int WorkingDaysLeft,
        bool IsContacted,
        bool IsReminded,
        bool IsOverdue);

    /// <summary>入会申请工作清单 (work list of applications).</summary>
    /// <param name="state">submitted (when not given), returned, rejected or approved.</param>
    /// <param name="overdue">true: only those past day 15 without a contact.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, bool? overdue, int? take, string? after, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var wanted = StateOf(state);
        var (markDue, markId) = MarkOf(after);
        var today = clock.Today();
        var todayStored = today.Stored();

        await using var db = database.Open();
        var calendar = await WorkingDays.ReadAsync(db, cancellation);
        var (contacts, ancestors) = (db.Contacts, db.UnionAncestors);
        var rows = await (
            from application in db.Applications
            join record in db.MemberRecords on application.PersonId equals record.PersonId
            join union in db.Unions on application.UnionId equals union.Id
            join person in db.Persons on application.PersonId equals person.Id
            where application.State == wanted
                && ancestors.Any(a => a.UnionId == application.UnionId && reach.UnionIds.Contains(a.AncestorId))
            let isContacted = contacts.Any(c => c.ApplicationId == application.Id && c.At >= application.SubmittedAt)
            where overdue != true || (!isContacted && application.ContactDueOn!.CompareTo(todayStored) < 0)
            where markDue == null
                || application.ContactDueOn!.CompareTo(markDue) > 0
                || (application.ContactDueOn == markDue && application.Id.CompareTo(markId) > 0)
            orderby application.ContactDueOn, application.Id
            select new Row(application, record, union.Name, person.PhoneSealed, isContacted)).Take(count + 1).ToListAsync(cancellation);

        return TypedResults.Ok(Listing<Item>.Of(
            rows, count, r => ItemOf(r, calendar, today, cipher), r => MarkFor(r.Application.ContactDueOn!, r.Application.Id)));
    }

    private static ApplicationState StateOf(string? state) => state switch
    {
        null or "submitted" => ApplicationState.Submitted,
        "returned" => ApplicationState.Returned,
        "rejected" => ApplicationState.Rejected,
        "approved" => ApplicationState.Approved,
        _ => throw Refusal.OfField("state", "请从 submitted、returned、rejected、approved 中选择。"),
    };

    private static (string? Due, string? Id) MarkOf(string? after)
    {
        if (after is null)
        {
            return (null, null);
        }

        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(after)).Split('|');
            if (parts.Length == 2 && DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", out _) && Ids.IsId(parts[1]))
            {
                return (parts[0], parts[1]);
            }
        }
        catch (FormatException)
        {
            // Falls through to the refusal.
        }

        throw Page.WrongAfter();
    }

    private static string MarkFor(string due, string id) => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes($"{due}|{id}"));

    private static Item ItemOf(Row row, WorkingDays calendar, DateOnly today, FieldCipher cipher)
    {
        var (application, record, unionName, phone, isContacted) = row;
        var due = Instants.Date(application.ContactDueOn!);
        var isWaiting = application.State == ApplicationState.Submitted && !isContacted;
        return new Item(
            application.Id,
            application.Version,
            application.State,
            Masking.Name(record.Name!),
            RegistrationForm.MaskedIdNumber(record, cipher),
            phone is null ? null : Masking.Phone(cipher.Open(SetPhone.Place, application.PersonId, phone)),
            application.UnionId!,
            unionName,
            Instants.At(application.SubmittedAt!.Value),
            due,
            calendar.Until(today, due),
            isContacted,
            isWaiting && Instants.Date(application.RemindOn!) <= today,
            isWaiting && due < today);
    }

    private sealed record Row(ApplicationRow Application, MemberRecordRow Record, string UnionName, string? PhoneSealed, bool IsContacted);
}
