using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>The member stays after all.</summary>
internal static class TakeBackLeaving
{
    public sealed record Request;

    /// <summary>撤销退会申请 (take back my request to leave).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var departure = await db.Departures.FirstOrDefaultAsync(
                    d => d.Id == id && d.RequestedBy == caller.PersonId && d.Kind == DepartureKind.Withdrawal, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                await Departures.CloseAsync(db, departure, DepartureState.Cancelled, caller.PersonId, null, null, now, cancellation);
                await Audit.WriteAsync(db, caller, "take_back_leaving", "membership", departure.MembershipId, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
