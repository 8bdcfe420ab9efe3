using System.Linq.Expressions;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>A union as every list shows it.</summary>
/// <param name="Type">Code of the table <c>union_type</c>.</param>
/// <param name="IsHolding">周转库: for those whose employer has no union.</param>
public sealed record UnionSummary(string Id, string Name, string Type, string DivisionCode, string? EmployerName, bool IsHolding)
{
    internal static UnionSummary Of(UnionRow u) => new(u.Id, u.Name, u.Type, u.DivisionCode, u.EmployerName, u.IsHolding);
}

internal static class UnionReads
{
    /// <summary>May take in members: everything but dissolved ones and those still being founded.</summary>
    public static readonly Expression<Func<UnionRow, bool>> IsOpen =
        u => u.State != UnionState.Dissolved && u.State != UnionState.Preparing;

    /// <summary>Does the union take in members now?</summary>
    public static Task<bool> MayJoinAsync(this Db db, string unionId, CancellationToken cancellation) =>
        db.Unions.Where(IsOpen).AnyAsync(u => u.Id == unionId, cancellation);

    /// <summary>Is the union one of those in reach, or below one of them?</summary>
    public static Task<bool> IsInReachAsync(this Db db, Identity.Reach reach, string unionId, CancellationToken cancellation) =>
        db.UnionAncestors.AnyAsync(a => a.UnionId == unionId && reach.UnionIds.Contains(a.AncestorId), cancellation);

    /// <summary>Records a union and its place in the tree: below itself and below everything above its parent.</summary>
    public static async Task AddUnionAsync(this Db db, UnionRow union)
    {
        await db.InsertAsync(union);
        await db.InsertAsync(new UnionAncestorRow { UnionId = union.Id, AncestorId = union.Id, Distance = 0 });
        if (union.ParentId is { } parentId)
        {
            var above = await db.UnionAncestors.Where(a => a.UnionId == parentId).ToListAsync();
            foreach (var ancestor in above)
            {
                await db.InsertAsync(new UnionAncestorRow
                {
                    UnionId = union.Id,
                    AncestorId = ancestor.AncestorId,
                    Distance = ancestor.Distance + 1,
                });
            }
        }
    }
}
