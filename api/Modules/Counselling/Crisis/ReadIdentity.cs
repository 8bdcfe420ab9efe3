using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>
/// Breaking the glass: who is it, and how is she reached (精神卫生法 art. 28)? With a reason, which stands among the
/// ticket's steps for the supervisor, and in the list that she herself reads afterwards.
/// </summary>
internal static class ReadIdentity
{
    /// <param name="Reason">Why it is needed now.</param>
    public sealed record Request([property: Needed, LengthBetween(4, 200)] string? Reason);

    /// <param name="Name">As registered; null when she is no member.</param>
    /// <param name="Phone">The bound one.</param>
    /// <param name="Employer">Where she may be found; null when unknown.</param>
    /// <param name="Contact">Whom she wants to be told; null when she named nobody.</param>
    public sealed record Response(string? Name, string? Phone, string? Employer, EmergencyContact? Contact);

    /// <summary>紧急查看身份 (who is it?).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Tickets tickets, ClientRecords clients, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var ticket = await OpenAsync(db, id, reach, cancellation);
                var reader = await db.StaffAccounts.Where(a => a.PersonId == caller.PersonId).Select(a => a.DisplayName).FirstAsync(cancellation);
                var (row, client) = await clients.TakeOrAddAsync(db, tickets.PersonOf(ticket), cancellation);
                await clients.SaveAsync(db, row.Id, CaseFile.WithReading(client, $"{reader}(紧急查看身份)", now), cancellation);
                await tickets.AddStepAsync(db, id, CrisisStepKind.IdentityReading, caller.PersonId, request.Reason, now, cancellation);
                await Audit.WriteAsync(db, caller, "read_identity_in_crisis", "crisis_ticket", id, now);
            },
            cancellation);
        await using var db = database.Open();
        return TypedResults.Ok(await OfAsync(db, tickets.PersonOf(await OpenAsync(db, id, reach, cancellation)), clients, cipher, cancellation));
    }

    private static async Task<CrisisTicketRow> OpenAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var ticket = await ListTickets.FindAsync(db, id, reach, cancellation);
        return ticket.State == CrisisState.Closed ? throw new Refusal(CounsellingProblems.TicketClosed) : ticket;
    }

    private static async Task<Response> OfAsync(Db db, string personId, ClientRecords clients, FieldCipher cipher, CancellationToken cancellation)
    {
        var phone = await db.Persons.Where(p => p.Id == personId).Select(p => p.PhoneSealed).FirstOrDefaultAsync(cancellation);
        var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == personId, cancellation);
        return new Response(record?.Name, phone is null ? null : cipher.Open(SetPhone.Place, personId, phone), record?.EmployerName, (await clients.OfPersonAsync(db, personId, cancellation))?.Record.Intake?.Contact);
    }
}
