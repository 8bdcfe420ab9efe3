using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Photos;

/// <summary>
/// Who sees photos: she herself; the county, which looks at them; and, once the platform's check has passed and the county has
/// approved the entry, guests of the other sex who were checked in with her, on that evening.
/// </summary>
internal static class EntryPhotos
{
    private const string InUse = "EXISTS (SELECT 1 FROM singles_photos p WHERE p.file_id = files.id)";

    public static FilePurpose Purpose(TimeProvider clock) =>
        new("singles_photo", InUse, MayUploadAsync, (db, caller, file, cancellation) => MayReadAsync(db, caller, file, clock.Milliseconds(), cancellation));

    /// <summary>Photos that stay keep what was said of them; new ones are not checked yet.</summary>
    /// <exception cref="Refusal">One of the files is no photo of hers.</exception>
    public static async Task SetAsync(Db db, string entryId, Caller caller, IReadOnlyList<string> fileIds, CancellationToken cancellation)
    {
        var wanted = fileIds.ToArray();

        // Taken, not only counted: what nobody uses is deleted now and then, and must not go before it is used here.
        var mine = await db.Files.Where(f => wanted.Contains(f.Id) && f.Purpose == "singles_photo" && f.OwnerId == caller.PersonId)
            .Set(f => f.Purpose, f => f.Purpose).UpdateAsync(cancellation);
        if (mine != wanted.Length)
        {
            throw Refusal.OfField("entry.photoFileIds", "没有找到这张照片,请重新上传。");
        }

        await db.SinglesPhotos.Where(p => p.EntryId == entryId && !wanted.Contains(p.FileId)).DeleteAsync(cancellation);
        var there = await db.SinglesPhotos.Where(p => p.EntryId == entryId).Select(p => p.FileId).ToListAsync(cancellation);
        for (var position = 0; position < wanted.Length; position++)
        {
            var (fileId, place) = (wanted[position], position);
            if (there.Contains(fileId))
            {
                await db.SinglesPhotos.Where(p => p.FileId == fileId).Set(p => p.Position, place).UpdateAsync(cancellation);
            }
            else
            {
                await db.InsertAsync(
                    new SinglesPhotoRow { Id = Ids.New(), EntryId = entryId, FileId = fileId, Position = place, ContentCheck = TextCheck.Pending }, token: cancellation);
            }
        }
    }

    /// <summary>The entry was handed in: what is not checked yet is to be.</summary>
    public static Task HandInAsync(Db db, string entryId, long now, CancellationToken cancellation) =>
        db.SinglesPhotos.Where(p => p.EntryId == entryId && p.ContentCheck == TextCheck.Pending)
            .Set(p => p.CheckDueAt, now).Set(p => p.AskedTimes, 0).Set(p => p.Look, (PhotoLook?)null).UpdateAsync(cancellation);

    /// <summary>Photos and their files, at once.</summary>
    public static async Task DeleteAsync(Db db, string personId, CancellationToken cancellation)
    {
        var entries = db.SinglesEntries.Where(e => e.PersonId == personId).Select(e => e.Id);
        await db.SinglesPhotos.Where(p => entries.Contains(p.EntryId)).DeleteAsync(cancellation);
        await db.Files.Where(f => f.Purpose == "singles_photo" && f.OwnerId == personId).DeleteAsync(cancellation);
    }

    public static async Task<IReadOnlyList<Photo>> OfAsync(Db db, string entryId, CancellationToken cancellation) =>
        [.. (await db.SinglesPhotos.Where(p => p.EntryId == entryId).OrderBy(p => p.Position).ToListAsync(cancellation)).Select(p => new Photo(p.FileId, p.ContentCheck, p.Look))];

    private static async Task<bool> MayUploadAsync(Db db, Caller caller, CancellationToken cancellation) =>
        caller.Kind == SessionKind.Worker && await db.LiveConsentAsync(caller.PersonId, SinglesConsents.Purpose, cancellation) is not null;

    private static async Task<bool> MayReadAsync(Db db, Caller caller, FileRow file, long now, CancellationToken cancellation)
    {
        if (caller.Kind == SessionKind.Worker)
        {
            return file.OwnerId == caller.PersonId || await IsShownToAsync(db, caller.PersonId, file, now, cancellation);
        }

        var unions = await db.UnionsForAsync(caller, Policies.ReviewSingles, cancellation);
        var photos = db.SinglesPhotos;
        var entry = await db.SinglesEntries.FirstOrDefaultAsync(
            e => e.State != EntryState.Draft && photos.Any(p => p.EntryId == e.Id && p.FileId == file.Id), cancellation);
        return unions.Length > 0 && entry?.UnionId is { } unionId && await EntryDecisions.IsCountyAsync(db, new Reach(unions), unionId, cancellation);
    }

    private static async Task<bool> IsShownToAsync(Db db, string guestId, FileRow file, long now, CancellationToken cancellation)
    {
        var (photos, entries, activities, plates) = (db.SinglesPhotos, db.SinglesEntries, db.Activities, db.Plates);
        var since = now - (long)ListGuests.After.TotalMilliseconds;
        return await photos.AnyAsync(
            p => p.FileId == file.Id && p.ContentCheck == TextCheck.Passed && entries.Any(e => e.Id == p.EntryId && e.State == EntryState.Approved), cancellation)
            && await plates.AnyAsync(
                hers => hers.PersonId == file.OwnerId
                    && plates.Any(his => his.ActivityId == hers.ActivityId && his.PersonId == guestId && his.Sex != hers.Sex)
                    && activities.Any(a => a.Id == hers.ActivityId && a.EndsAt > since),
                cancellation);
    }
}

/// <param name="FileId">To be seen under <c>/files/{id}</c>.</param>
/// <param name="Check">What the platform's content check said.</param>
/// <param name="Look">Why the county is to look at it; null: it need not.</param>
public sealed record Photo(string FileId, TextCheck Check, PhotoLook? Look);
