using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The officer notes that she reached the applicant; the first note stops the 15-working-day clock.</summary>
internal static class RecordContact
{
    /// <summary>People note a contact to the minute, and by another clock than the server's.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    /// <param name="ContactedAt">When it happened; not in the future.</param>
    /// <param name="Note">What was said, in short.</param>
    public sealed record Request(
        [property: Needed, KnownWord] ContactWay? Way,
        [property: Needed] DateTimeOffset? ContactedAt,
        [property: Needed, LengthBetween(2, 500)] string? Note);

    public sealed record Response(string Id, ContactWay Way, DateTimeOffset ContactedAt, string Note);

    /// <summary>记录联系情况 (note a contact with an applicant).</summary>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var contactId = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, contactId, now) =>
            {
                var application = await Decisions.FindAsync(db, id, reach, cancellation);
                await db.InsertAsync(NewContact(application, contactId, request, caller, cipher, now), token: cancellation);
                await Audit.WriteAsync(db, caller, "record_contact", "membership_application", application.Id, now, application.PersonId);
            },
            cancellation);

        await using var db = database.Open();
        var contact = await db.Contacts.FirstAsync(c => c.Id == contactId, cancellation);
        return TypedResults.Created(
            $"/api/v1/office/membership-applications/{id}/contacts",
            new Response(contact.Id, contact.Way, Instants.At(contact.ContactedAt), cipher.Open(ContactRow.NotePlace, contact.Id, contact.NoteSealed)));
    }

    private static ContactRow NewContact(
        ApplicationRow application, string contactId, Request request, Caller caller, FieldCipher cipher, long now)
    {
        var contactedAt = request.ContactedAt!.Value.ToUnixTimeMilliseconds();
        var difference = (long)ClockDifference.TotalMilliseconds;
        if (contactedAt > now + difference || contactedAt < application.CreatedAt - difference)
        {
            throw Refusal.OfField("contactedAt", "联系时间应在申请之后、现在之前。");
        }

        return new ContactRow
        {
            Id = contactId,
            ApplicationId = application.Id,
            Way = request.Way!.Value,
            NoteSealed = cipher.Seal(ContactRow.NotePlace, contactId, request.Note!),
            PersonId = caller.PersonId,
            ContactedAt = contactedAt,
            At = now,
        };
    }
}
