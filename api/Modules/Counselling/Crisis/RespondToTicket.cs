using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>Somebody on duty takes a ticket up; the client sees at once that a person has answered.</summary>
internal static class RespondToTicket
{
    /// <summary>Nothing to say: who and when is enough.</summary>
    public sealed record Request;

    /// <summary>响应危机工单 (take it up).</summary>
    /// <response code="409">crisis_ticket_taken: a colleague was faster.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Tickets tickets, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var before = await ListTickets.FindAsync(db, id, reach, cancellation);
                var taken = await db.CrisisTickets.Where(t => t.Id == id && t.State == CrisisState.Triggered)
                    .Set(t => t.State, CrisisState.Responded)
                    .Set(t => t.RespondedAt, now)
                    .Set(t => t.RespondedBy, caller.PersonId)
                    .Set(t => t.DueAt, (long?)null)
                    .Set(t => t.Version, t => t.Version + 1)
                    .UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(before.State == CrisisState.Closed ? CounsellingProblems.TicketClosed : CounsellingProblems.TicketTaken);
                }

                await tickets.AddStepAsync(db, id, CrisisStepKind.Response, caller.PersonId, null, now, cancellation);
                await Audit.WriteAsync(db, caller, "respond_to_crisis", "crisis_ticket", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
