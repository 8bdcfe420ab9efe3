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
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Photos;

/// <summary>
/// The county decides on a photo that waits for its look. Nothing is shown that the platform forbade or said nothing of: about that one it
/// can be asked once more.
/// </summary>
internal static class DecidePhoto
{
    /// <summary>What becomes of a photo.</summary>
    public enum PhotoDecision
    {
        /// <summary>可以显示: where the platform was in doubt.</summary>
        Shown,

        /// <summary>不采用.</summary>
        Refused,

        /// <summary>再检查一次: where the platform did not answer.</summary>
        AskedAgain,
    }

    public sealed record Request([property: Needed, KnownWord] PhotoDecision? Decision);

    /// <summary>处理一张待查看的照片 (decide on a photo). Repeating it changes nothing.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="fileId">The photo's file.</param>
    /// <response code="409">own_singles_entry, county_reviews, photo_not_waiting, photo_decision_impossible.</response>
    internal static async Task<NoContent> Handle(
        string id, string fileId, Request request, Caller caller, Reach reach, Database database, IMessenger messenger, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var entry = await EntryDecisions.FindAsync(db, id, reach, cancellation);
                await EntryDecisions.RefuseOwnAsync(db, entry, caller, cancellation);
                if (!await EntryDecisions.IsCountyAsync(db, reach, entry.UnionId!, cancellation))
                {
                    throw new Refusal(SinglesProblems.CountyReviews);
                }

                var photo = await db.SinglesPhotos.FirstOrDefaultAsync(p => p.EntryId == id && p.FileId == fileId, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                var (check, mayBe) = CheckAfter(request.Decision!.Value, photo.Look);
                if (photo.Look is null && photo.ContentCheck == check)
                {
                    return;
                }

                if (!mayBe)
                {
                    throw new Refusal(photo.Look is null ? SinglesProblems.PhotoNotWaiting : SinglesProblems.PhotoDecisionImpossible);
                }

                var now = clock.Milliseconds();
                await WriteAsync(db, photo, check, now, cancellation);
                await Audit.WriteAsync(db, caller, "decide_singles_photo", "singles_entry", id, now, entry.PersonId);
                if (check != TextCheck.Pending)
                {
                    await messenger.AddAsync(
                        db,
                        new Notice(
                            entry.PersonId,
                            "singles_photo_decided",
                            check == TextCheck.Passed ? "生活照可以显示" : "一张生活照未采用",
                            check == TextCheck.Passed
                                ? "县总工会看过了您的一张生活照,可以向嘉宾显示,您不用再做什么。"
                                : "县总工会没有采用您的一张生活照,它不向嘉宾显示。请在联谊信息中换一张或删去这张,然后重新提交。",
                            id),
                        now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static (TextCheck Check, bool MayBe) CheckAfter(PhotoDecision decision, PhotoLook? look) => decision switch
    {
        PhotoDecision.Shown => (TextCheck.Passed, look == PhotoLook.Doubtful),
        PhotoDecision.AskedAgain => (TextCheck.Pending, look == PhotoLook.Unanswered),
        _ => (TextCheck.Risky, look is not null),
    };

    /// <summary>The photo as it was read; one of which the platform has said something else meanwhile is looked at anew.</summary>
    private static async Task WriteAsync(Db db, SinglesPhotoRow photo, TextCheck check, long now, CancellationToken cancellation)
    {
        var written = await db.SinglesPhotos.Where(p => p.Id == photo.Id && p.Look == photo.Look && p.ContentCheck == photo.ContentCheck)
            .Set(p => p.ContentCheck, check)
            .Set(p => p.Look, (PhotoLook?)null)
            .Set(p => p.AskedTimes, 0)
            .Set(p => p.CheckDueAt, check == TextCheck.Pending ? now : (long?)null)
            .UpdateAsync(cancellation);
        if (written == 0)
        {
            throw new Refusal(SinglesProblems.PhotoNotWaiting);
        }
    }
}
