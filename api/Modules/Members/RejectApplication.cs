using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The union does not approve; the reason is told, and applying again is allowed (domain/members.md 1.3).</summary>
internal static class RejectApplication
{
    /// <param name="Version">The application's version that the officer read.</param>
    /// <param name="Reason">Told to the applicant: say what to change or whom to ask.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>不予批准 (reject an application).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Decisions decisions, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var application = await Decisions.TakeAsync(
                    db, id, request.Version!.Value, ApplicationState.Rejected, reach, caller, now, cancellation);
                var notice = new Notice(
                    application.PersonId, "membership_rejected", "入会申请未获批准", $"您的入会申请未获批准,原因:{request.Reason}。如有疑问请联系所申请的工会,也可以重新申请。", application.Id);
                await decisions.RecordAsync(
                    db, stepId, application, StepKind.Rejection, request.Reason, "reject_application", notice, caller, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
