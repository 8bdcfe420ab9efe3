using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The applicant takes her application back, in any state before the decision.</summary>
internal static class WithdrawApplication
{
    /// <param name="Version">The application's version as last read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>撤回入会申请 (withdraw my application).</summary>
    internal static async Task<NoContent> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(key, caller, request, (db, stepId, now) => WithdrawAsync(db, stepId, now, request, caller, cancellation), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task WithdrawAsync(Db db, string stepId, long now, Request request, Caller caller, CancellationToken cancellation)
    {
        var open = await db.Applications.FirstOrDefaultAsync(a => a.OpenPersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(MembersProblems.NoOpenApplication);
        var withdrawn = await db.Applications
            .Where(a => a.Id == open.Id && a.Version == request.Version && a.OpenPersonId != null)
            .Set(a => a.State, ApplicationState.Withdrawn)
            .Set(a => a.Version, open.Version + 1)
            .Set(a => a.OpenPersonId, (string?)null)
            .Set(a => a.OpenIdNumberIndex, (string?)null)
            .Set(a => a.OpenIdNumberFormerIndex, (string?)null)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (withdrawn == 0)
        {
            throw await ChangedApplication.ReadAsync(db, open.Id, cancellation);
        }

        await db.InsertAsync(
            new StepRow { Id = stepId, ApplicationId = open.Id, Kind = StepKind.Withdrawal, PersonId = caller.PersonId, At = now },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "withdraw_application", "membership_application", open.Id, now);
    }
}
