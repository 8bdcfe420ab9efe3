using System.Linq.Expressions;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

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

    /// <summary>Is the top of the tree in reach?</summary>
    public static Task<bool> ReachesTopAsync(this Db db, Identity.Reach reach, CancellationToken cancellation) =>
        db.Unions.AnyAsync(u => u.ParentId == null && reach.UnionIds.Contains(u.Id), cancellation);

    /// <exception cref="Refusal">There is no such division.</exception>
    public static async Task RefuseUnknownDivisionAsync(this Db db, string? code, string field, CancellationToken cancellation)
    {
        if (!await db.Divisions.AnyAsync(d => d.Code == code, cancellation))
        {
            throw Refusal.OfField(field, "没有这个行政区划,请从列表中选择。");
        }
    }

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
