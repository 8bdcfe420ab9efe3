using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The officer sends an application back for correction, with a reason; it may be resubmitted.</summary>
internal static class ReturnApplication
{
    /// <param name="Version">The application's version that the officer read.</param>
    /// <param name="Reason">Told to the applicant: say what to change or whom to ask.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回补正 (return an application).</summary>
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
                    db, id, request.Version!.Value, ApplicationState.Returned, reach, caller, now, cancellation);
                var notice = new Notice(
                    application.PersonId, "membership_returned", "入会申请需要补正", $"您的入会申请被退回,原因:{request.Reason}。请修改后重新提交。", application.Id);
                await decisions.RecordAsync(
                    db, stepId, application, StepKind.Return, request.Reason, "return_application", notice, caller, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
