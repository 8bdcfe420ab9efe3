using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>A second officer confirms a correction of name or document; only then the form changes.</summary>
internal static class ConfirmCorrection
{
    public sealed record Request;

    /// <summary>复核更正 (confirm a correction).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Correcting correcting, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var (correction, membership) = await FindAsync(db, id, reach, caller, cancellation);
                var record = await db.MemberRecords.FirstAsync(r => r.PersonId == membership.PersonId, cancellation);

                // The member or an officer may have changed the same field since: then the proposal no longer fits.
                if (correcting.Differing(record, correcting.Before(correction)).Count > 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { membership.Version } };
                }

                await correcting.ApplyAsync(db, correction, membership, record, caller.PersonId, now, cancellation);
                await CloseAsync(db, correction, CorrectionState.Applied, caller, null, now, cancellation);
                await Audit.WriteAsync(db, caller, "confirm_correction", "membership", membership.Id, now);
                await CorrectRecord.TellAsync(db, messenger, membership, correcting.Reason(correction)!, id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Maker is not checker.</summary>
    internal static async Task<(CorrectionRow Correction, MembershipRow Membership)> FindAsync(
        Db db, string id, Reach reach, Caller caller, CancellationToken cancellation)
    {
        var correction = await db.Corrections.FirstOrDefaultAsync(c => c.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var membership = await MembershipDeeds.FindAsync(db, correction.MembershipId, reach, cancellation);
        await MembershipDeeds.RefuseOwnAsync(db, membership, caller, cancellation);
        if (correction.State != CorrectionState.Proposed)
        {
            throw new Refusal(MembersProblems.CorrectionClosed) { Present = new { correction.State } };
        }

        return correction.MadeBy == caller.PersonId ? throw new Refusal(UnionsProblems.SecondPersonNeeded) : (correction, membership);
    }

    internal static async Task CloseAsync(
        Db db, CorrectionRow correction, CorrectionState to, Caller caller, string? reasonSealed, long now, CancellationToken cancellation)
    {
        var closed = await db.Corrections
            .Where(c => c.Id == correction.Id && c.State == CorrectionState.Proposed)
            .Set(c => c.State, to)
            .Set(c => c.OpenMembershipId, (string?)null)
            .Set(c => c.DecidedBy, caller.PersonId)
            .Set(c => c.DecidedAt, now)
            .Set(c => c.DecisionReasonSealed, reasonSealed)
            .UpdateAsync(cancellation);
        if (closed == 0)
        {
            throw new Refusal(MembersProblems.CorrectionClosed);
        }
    }
}
