using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>
/// 封面图片: brought by whoever organises activities, seen by her and by those who organise for a union that uses it,
/// and by everybody through the activity once that is published.
/// </summary>
internal static class ActivityCovers
{
    public static readonly FilePurpose Purpose = new(
        "activity_cover", "EXISTS (SELECT 1 FROM activities a WHERE a.cover_file_id = files.id)", MayUploadAsync, MayReadAsync);

    /// <summary>Whether the caller may put this file on an activity.</summary>
    public static async Task<bool> MayUseAsync(Db db, Caller caller, string fileId, CancellationToken cancellation) =>
        await db.Files.FirstOrDefaultAsync(f => f.Id == fileId && f.Purpose == Purpose.Name, cancellation) is { } file
        && await MayReadAsync(db, caller, file, cancellation);

    private static async Task<bool> MayUploadAsync(Db db, Caller caller, CancellationToken cancellation) =>
        (await db.UnionsForAsync(caller, Policies.OrganiseActivities, cancellation)).Length > 0;

    private static async Task<bool> MayReadAsync(Db db, Caller caller, FileRow file, CancellationToken cancellation)
    {
        var unions = await db.UnionsForAsync(caller, Policies.OrganiseActivities, cancellation);
        if (unions.Length == 0 || file.OwnerId == caller.PersonId)
        {
            return unions.Length > 0;
        }

        var ancestors = db.UnionAncestors;
        return await db.Activities.AnyAsync(
            a => a.CoverFileId == file.Id && ancestors.Any(u => u.UnionId == a.UnionId && unions.Contains(u.AncestorId)), cancellation);
    }
}
