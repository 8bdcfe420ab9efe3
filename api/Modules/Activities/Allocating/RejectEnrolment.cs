using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>The organiser turns down somebody who signed up, with a reason.</summary>
internal static class RejectEnrolment
{
    /// <param name="Reason">Kept sealed with the decision.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>不予录取 (reject a sign-up).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="enrolmentId">The sign-up.</param>
    internal static async Task<NoContent> Handle(
        string id, string enrolmentId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Choosing choosing, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            (db, stepId, now) => choosing.DecideAsync(
                db, id, enrolmentId, isAdmitted: false, request.Reason!, stepId, caller, reach, now, cancellation),
            cancellation);
        return TypedResults.NoContent();
    }
}
