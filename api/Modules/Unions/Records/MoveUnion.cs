using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>A union with everything below it gets another union above it; everybody's reach follows the tree at once.</summary>
internal static class MoveUnion
{
    /// <param name="Version">The record's version that the officer read.</param>
    /// <param name="ParentId">The new 上级工会; both it and the present one are in the officer's reach.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, Id] string? ParentId,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <param name="Version">The record's version now.</param>
    public sealed record Response(int Version);

    /// <summary>变更上级工会 (move a union).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var version = await database.TransactAsync(
            async db =>
            {
                await UnionDeeds.TakeTreeAsync(db, cancellation);
                var found = await UnionDeeds.FindAsync(db, id, reach, cancellation);
                if (found.ParentId == request.ParentId)
                {
                    return found.Version;
                }

                var union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: false, cancellation);
                var parent = await UnionDeeds.FindParentAsync(db, request.ParentId!, reach, cancellation);
                await RewriteAncestorsAsync(db, union, parent, cancellation);
                await UnionDeeds.WriteAsync(db, union, union with { ParentId = parent.Id }, cancellation);
                var change = new UnionChangeRow
                {
                    Id = Ids.New(),
                    UnionId = id,
                    Kind = UnionChangeKind.Move,
                    FromParentId = union.ParentId,
                    ToParentId = parent.Id,
                    Reason = request.Reason,
                    PersonId = caller.PersonId,
                    At = clock.Milliseconds(),
                };
                await UnionDeeds.RecordAsync(db, change, "move_union", caller);
                return union.Version + 1;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }

    private static async Task RewriteAncestorsAsync(Db db, UnionRow union, UnionRow parent, CancellationToken cancellation)
    {
        var below = await db.UnionAncestors.Where(a => a.AncestorId == union.Id).ToListAsync(cancellation);
        if (below.Any(b => b.UnionId == parent.Id))
        {
            throw new Refusal(UnionsProblems.UnionCycle);
        }

        var ids = below.Select(b => b.UnionId).ToArray();
        var before = await db.UnionAncestors
            .Where(a => a.UnionId == union.Id && a.Distance > 0).Select(a => a.AncestorId).ToArrayAsync(cancellation);
        await db.UnionAncestors.Where(a => ids.Contains(a.UnionId) && before.Contains(a.AncestorId)).DeleteAsync(cancellation);
        var above = await db.UnionAncestors.Where(a => a.UnionId == parent.Id).ToListAsync(cancellation);
        foreach (var (one, ancestor) in below.SelectMany(b => above.Select(a => (b, a))))
        {
            await db.InsertAsync(
                new UnionAncestorRow { UnionId = one.UnionId, AncestorId = ancestor.AncestorId, Distance = one.Distance + ancestor.Distance + 1 },
                token: cancellation);
        }
    }
}
