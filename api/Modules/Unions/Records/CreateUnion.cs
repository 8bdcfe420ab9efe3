using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>An officer of a union above records one that is being founded (筹建); it takes in members once it is established.</summary>
internal static class CreateUnion
{
    /// <param name="ParentId">上级工会, in the officer's reach.</param>
    public sealed record Request([property: Needed, Id] string? ParentId, [property: Needed] UnionDetails? Details);

    public sealed record Response(string Id, int Version, UnionState State);

    /// <summary>登记筹建工会 (record a union being founded).</summary>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key, caller, request, (db, unionId, now) => CreateAsync(db, unionId, request, caller, reach, now, cancellation), cancellation);

        await using var db = database.Open();
        var union = await db.Unions.FirstAsync(u => u.Id == id, cancellation);
        return TypedResults.Created($"/api/v1/office/unions/{id}", new Response(union.Id, union.Version, union.State));
    }

    private static async Task CreateAsync(Db db, string id, Request request, Caller caller, Reach reach, long now, CancellationToken cancellation)
    {
        await UnionDeeds.TakeTreeAsync(db, cancellation);
        var parent = await UnionDeeds.FindParentAsync(db, request.ParentId!, reach, cancellation);
        await request.Details!.CheckAsync(db, Instants.DateOf(now), cancellation);
        var union = request.Details.Into(new UnionRow
        {
            Id = id,
            Name = "",
            Type = "",
            ParentId = parent.Id,
            DivisionCode = "",
            IsHolding = false,
            State = UnionState.Preparing,
            ProposedBy = caller.PersonId,
            Version = 1,
            CreatedAt = now,
        });
        try
        {
            await db.AddUnionAsync(union);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(UnionsProblems.CreditCodeTaken);
        }

        await UnionDeeds.RecordAsync(
            db,
            new UnionChangeRow { Id = Ids.New(), UnionId = id, Kind = UnionChangeKind.Creation, ToParentId = parent.Id, PersonId = caller.PersonId, At = now },
            "create_union",
            caller);
    }
}
