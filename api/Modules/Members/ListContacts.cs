using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What has been said with this applicant so far? Reading it is audited.</summary>
internal static class ListContacts
{
    public const string Deed = "read_contacts";

    /// <param name="OfficerName">Who noted it.</param>
    public sealed record Item(string Id, ContactWay Way, DateTimeOffset ContactedAt, string Note, string OfficerName);

    /// <summary>联系记录 (contacts with an applicant), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var application = await database.TransactAsync(
            async writing =>
            {
                var found = await Decisions.FindAsync(writing, id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, Deed, "membership_application", id, clock.Milliseconds(), found.PersonId);
                return found;
            },
            cancellation);
        await using var db = database.Open();
        var rows = await (from contact in db.Contacts
                          join officer in db.StaffAccounts on contact.PersonId equals officer.PersonId
                          where contact.ApplicationId == application.Id && (mark == null || contact.Id.CompareTo(mark) < 0)
                          orderby contact.Id descending
                          select new { contact, officer.DisplayName }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(r.contact.Id, r.contact.Way, Instants.At(r.contact.ContactedAt), cipher.Open(ContactRow.NotePlace, r.contact.Id, r.contact.NoteSealed), r.DisplayName),
            r => r.contact.Id));
    }
}
