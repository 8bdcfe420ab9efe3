using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>
/// The members of a union that is being closed go where <paramref name="targetUnionId"/> says; without a target a union
/// with members refuses. The register of members lies in a higher module, which registers this.
/// </summary>
internal delegate Task MoveMembersOfClosedUnion(
    Db db, UnionRow union, string? targetUnionId, string reason, Caller caller, long now, CancellationToken cancellation);

/// <summary>What every change of a union record has in common.</summary>
internal static class UnionDeeds
{
    public static async Task<UnionRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var union = await db.Unions.FirstOrDefaultAsync(u => u.Id == id, cancellation);
        return union is not null && await db.IsInReachAsync(reach, id, cancellation) ? union : throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>
    /// The union of the version the officer read, if she acts for a union above it: no union writes its own record. The
    /// root has nobody above; what is not a founding or a closing it does itself.
    /// </summary>
    public static async Task<UnionRow> FindBelowAsync(
        Db db, string id, int version, Reach reach, bool rootMay, CancellationToken cancellation)
    {
        var union = await FindAsync(db, id, reach, cancellation);
        var isBelow = union.ParentId is null ? rootMay : await db.IsInReachAsync(reach, union.ParentId, cancellation);
        if (!isBelow)
        {
            throw new Refusal(UnionsProblems.UnionAboveNeeded);
        }

        if (union.State == UnionState.Dissolved)
        {
            throw new Refusal(UnionsProblems.WrongUnionState) { Present = new { union.State, union.Version } };
        }

        return union.Version == version
            ? union
            : throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { union.State, union.Version } };
    }

    /// <summary>Writes the record if it is still the one that was read.</summary>
    public static async Task WriteAsync(Db db, UnionRow read, UnionRow written, CancellationToken cancellation)
    {
        var taken = await db.Unions.Where(u => u.Id == read.Id && u.Version == read.Version)
            .Set(u => u.Version, read.Version + 1).UpdateAsync(cancellation);
        if (taken == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile);
        }

        // The root's tree_version belongs to changes of the tree, which come from elsewhere: it is written as it stands now.
        var treeVersion = await db.Unions.Where(u => u.Id == read.Id).Select(u => u.TreeVersion).FirstAsync(cancellation);
        try
        {
            await db.UpdateAsync(written with { Version = read.Version + 1, TreeVersion = treeVersion }, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(UnionsProblems.CreditCodeTaken);
        }
    }

    /// <summary>
    /// Changes of the tree come one after the other: each raises the root's counter first. A real write, not a lock: on
    /// a cluster of many writers only writes collide.
    /// </summary>
    public static Task TakeTreeAsync(Db db, CancellationToken cancellation) =>
        db.Unions.Where(u => u.ParentId == null).Set(u => u.TreeVersion, u => u.TreeVersion + 1).UpdateAsync(cancellation);

    /// <summary>May get unions below it: in reach, founded and not closed.</summary>
    public static async Task<UnionRow> FindParentAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var parent = await db.Unions.Where(UnionReads.IsOpen).FirstOrDefaultAsync(u => u.Id == id, cancellation);
        return parent is not null && await db.IsInReachAsync(reach, id, cancellation) ? parent : throw new Refusal(UnionsProblems.ParentNotOpen);
    }

    public static async Task RecordAsync(Db db, UnionChangeRow change, string deed, Caller caller)
    {
        await db.InsertAsync(change);
        await Audit.WriteAsync(db, caller, deed, "union", change.UnionId, change.At);
    }
}
