using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>A second officer of a union above enters the approval (批复): the union is founded (工会法 Art 12).</summary>
internal static class EstablishUnion
{
    /// <param name="Version">The record's version that the officer read.</param>
    /// <param name="ApprovalNumber">批复文号.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 60)] string? ApprovalNumber,
        [property: Needed] DateOnly? ApprovedOn);

    /// <summary>批复建立 (establish a union).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                var union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: false, cancellation);
                if (union.State != UnionState.Preparing)
                {
                    throw new Refusal(UnionsProblems.WrongUnionState) { Present = new { union.State, union.Version } };
                }

                if (union.ProposedBy == caller.PersonId)
                {
                    throw new Refusal(UnionsProblems.SecondPersonNeeded);
                }

                if (request.ApprovedOn > Instants.DateOf(now))
                {
                    throw Refusal.OfField("approvedOn", "批复日期不能晚于今天。");
                }

                var established = union with
                {
                    State = UnionState.Established,
                    ApprovalNumber = request.ApprovalNumber,
                    ApprovedOn = request.ApprovedOn!.Value.Stored(),
                };
                await UnionDeeds.WriteAsync(db, union, established, cancellation);
                await UnionDeeds.RecordAsync(
                    db,
                    new UnionChangeRow { Id = changeId, UnionId = id, Kind = UnionChangeKind.Establishment, PersonId = caller.PersonId, At = now },
                    "establish_union",
                    caller);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
