using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>An officer stops a firm: from the commit on, none of its vacancies is shown or takes applications.</summary>
internal static class SuspendEmployer
{
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>暂停用人单位 (suspend a firm). Its clerks are told.</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var employer = await db.EmployerInReachAsync(id, reach, cancellation);
                if (employer.State == EmployerState.Suspended)
                {
                    throw new Refusal(EmploymentProblems.EmployerSuspended);
                }

                await Firms.MoveAsync(db, cipher, employer, EmployerState.Suspended, EmployerStepKind.Suspension, stepId, request.Reason, caller, now, cancellation);
                await ClerkNotices.TellSuspendedAsync(db, messenger, id, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>An officer lets a suspended firm offer again; its complaints count from nothing.</summary>
internal static class LiftSuspension
{
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>恢复用人单位 (lift a suspension). Its clerks are told.</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var employer = await db.EmployerInReachAsync(id, reach, cancellation);
                if (employer.State != EmployerState.Suspended)
                {
                    throw new Refusal(EmploymentProblems.EmployerNotSuspended);
                }

                await Firms.MoveAsync(db, cipher, employer, EmployerState.Verified, EmployerStepKind.Lifting, stepId, request.Reason, caller, now, cancellation);
                await ClerkNotices.TellAsync(db, messenger, id, "可以继续发布岗位", "贵单位已恢复,岗位重新展示,可以继续办理投递。", id, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
