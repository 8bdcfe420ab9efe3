using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Photos;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>The county looks at a confirmed entry and lets it in; another person than the one who confirmed it.</summary>
internal static class ApproveEntry
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>县总工会审核通过 (approve an entry).</summary>
    /// <response code="409">entry_not_waiting, own_singles_entry, county_reviews, second_reviewer_needed, changed_meanwhile.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, EntryDecisions entries, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var entry = await EntryDecisions.FindAsync(db, id, reach, cancellation);
                await EntryDecisions.RefuseOwnAsync(db, entry, caller, cancellation);
                if (!await EntryDecisions.IsCountyAsync(db, reach, entry.UnionId!, cancellation))
                {
                    throw new Refusal(SinglesProblems.CountyReviews);
                }

                if (entry.State != EntryState.Confirmed)
                {
                    throw new Refusal(SinglesProblems.EntryNotWaiting) { Present = new { entry.State, entry.Version } };
                }

                if (entry.TextCheck == TextCheck.Risky)
                {
                    throw new Refusal(SinglesProblems.TextRisky);
                }

                if (await db.SinglesPhotos.AnyAsync(p => p.EntryId == id && p.ContentCheck == TextCheck.Risky, cancellation))
                {
                    throw new Refusal(SinglesProblems.PhotoRisky);
                }

                if (entry.ConfirmedBy == caller.PersonId)
                {
                    throw new Refusal(SinglesProblems.SecondReviewerNeeded);
                }

                var move = new EntryMove(
                    stepId, EntryState.Approved, EntryStepKind.Approval, "approve_singles_entry", Words: ("联谊信息审核通过", "您的联谊信息已审核通过,可以报名单身联谊活动。"));
                await entries.MoveAsync(db, entry, request.Version!.Value, move, caller, now, cancellation);
                await db.SinglesEntries.Where(e => e.Id == id && e.TextCheck == TextCheck.Doubtful).Set(e => e.TextCheck, TextCheck.Passed).UpdateAsync(cancellation);
                await db.SinglesPhotos.Where(p => p.EntryId == id && p.ContentCheck == TextCheck.Doubtful)
                    .Set(p => p.ContentCheck, TextCheck.Passed).Set(p => p.Look, (PhotoLook?)null).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
