using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>Another officer than the one who barred somebody lets her in again.</summary>
internal static class LiftBar
{
    /// <summary>解除限制 (lift a bar). Repeating it changes nothing.</summary>
    /// <response code="409">second_reviewer_needed.</response>
    internal static async Task<NoContent> Handle(
        string id, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            id,
            async (db, _, now) =>
            {
                var bar = await db.SinglesBars.FirstOrDefaultAsync(b => b.Id == id, cancellation);
                if (bar is null || !await db.IsInReachAsync(reach, bar.UnionId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                if (bar.MadeBy == caller.PersonId || await db.IsOneHumanAsync(caller.PersonId, bar.PersonId, cancellation))
                {
                    throw new Refusal(SinglesProblems.SecondReviewerNeeded);
                }

                if (await db.SinglesBars.Where(b => b.Id == id && b.LiftedAt == null).Set(b => b.LiftedBy, caller.PersonId).Set(b => b.LiftedAt, now).UpdateAsync(cancellation) == 1)
                {
                    await Audit.WriteAsync(db, caller, "lift_singles_bar", "singles_bar", id, now, bar.PersonId);
                    await messenger.AddAsync(db, new Notice(bar.PersonId, "singles_bar_lifted", "联谊限制已解除", "对您参加单身联谊活动的限制已解除,可以重新报名。", id), now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
