using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>
/// An officer of a union above closes one whose unit is gone (工会法 Art 13); members keep their 会籍 in the union that is
/// named.
/// </summary>
internal static class CloseUnion
{
    /// <param name="Version">The record's version that the officer read.</param>
    /// <param name="TargetUnionId">Where the members go; needed as long as there are members.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 300)] string? Reason,
        [property: Id] string? TargetUnionId);

    /// <summary>撤销工会 (close a union).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, MoveMembersOfClosedUnion moveMembers, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                await UnionDeeds.TakeTreeAsync(db, cancellation);
                var union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: false, cancellation);
                await CheckAsync(db, union, request, reach, cancellation);
                await UnionDeeds.WriteAsync(db, union, Closed(union), cancellation);

                // After the record is taken: who joins at this moment waits for us, or was there before us.
                await moveMembers(db, union, request.TargetUnionId, request.Reason!, caller, now, cancellation);
                var change = new UnionChangeRow
                {
                    Id = changeId,
                    UnionId = id,
                    Kind = UnionChangeKind.Closure,
                    SuccessorId = request.TargetUnionId,
                    Reason = request.Reason,
                    PersonId = caller.PersonId,
                    At = now,
                };
                await UnionDeeds.RecordAsync(db, change, "close_union", caller);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task CheckAsync(Db db, UnionRow union, Request request, Reach reach, CancellationToken cancellation)
    {
        if (await db.Unions.AnyAsync(u => u.ParentId == union.Id && u.State != UnionState.Dissolved, cancellation))
        {
            throw new Refusal(UnionsProblems.UnionsBelow);
        }

        if (request.TargetUnionId is not { } target)
        {
            return;
        }

        var isOpen = target != union.Id
            && await db.Unions.Where(UnionReads.IsOpen).AnyAsync(u => u.Id == target, cancellation)
            && await db.IsInReachAsync(reach, target, cancellation);
        if (!isOpen)
        {
            throw new Refusal(UnionsProblems.TargetNotOpen);
        }
    }

    /// <summary>The codes are UNIQUE among living records; the unit may found a union again.</summary>
    private static UnionRow Closed(UnionRow union) => union with
    {
        State = UnionState.Dissolved,
        EmployerCreditCode = null,
        UnionCreditCode = null,
        FormerEmployerCreditCode = union.EmployerCreditCode,
        FormerUnionCreditCode = union.UnionCreditCode,
    };
}
