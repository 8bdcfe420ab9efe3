using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A room in which talks in person are held.</summary>
/// <param name="IsOpen">A closed one is offered no more; booked talks stand.</param>
public sealed record RoomSummary(string Id, string Name, string Address, bool IsOpen, int Version)
{
    internal static RoomSummary Of(RoomRow r) => new(r.Id, r.Name, r.Address, r.IsOpen, r.Version);
}

/// <summary>A supervisor adds a room.</summary>
internal static class CreateRoom
{
    public sealed record Request([property: Needed, LengthBetween(2, 30)] string? Name, [property: Needed, LengthBetween(2, 100)] string? Address);

    /// <summary>新增咨询室 (add a room).</summary>
    internal static async Task<Created<RoomSummary>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                await db.InsertAsync(
                    new RoomRow
                    {
                        Id = id,
                        UnionId = reach.UnionIds.Order(StringComparer.Ordinal).First(),
                        Name = request.Name!,
                        Address = request.Address!,
                        IsOpen = true,
                        Version = 1,
                        CreatedAt = now,
                    },
                    token: cancellation);
                await Audit.WriteAsync(db, caller, "create_counselling_room", "counselling_room", id, now);
            },
            cancellation);
        await using var db = database.Open();
        return TypedResults.Created("/api/v1/office/counselling-rooms", RoomSummary.Of(await db.CounsellingRooms.FirstAsync(r => r.Id == id, cancellation)));
    }
}

/// <summary>A supervisor changes or closes a room.</summary>
internal static class ChangeRoom
{
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 30)] string? Name,
        [property: Needed, LengthBetween(2, 100)] string? Address,
        [property: Needed] bool? IsOpen);

    /// <summary>修改咨询室 (change a room).</summary>
    internal static async Task<Ok<RoomSummary>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var before = await db.CounsellingRooms.FirstOrDefaultAsync(r => r.Id == id, cancellation);
                if (before is null || !await db.IsInReachAsync(reach, before.UnionId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                var after = before with { Name = request.Name!, Address = request.Address!, IsOpen = request.IsOpen!.Value, Version = before.Version + 1 };
                var changed = await db.CounsellingRooms.Where(r => r.Id == id && r.Version == request.Version)
                    .Set(r => r.Name, after.Name).Set(r => r.Address, after.Address).Set(r => r.IsOpen, after.IsOpen).Set(r => r.Version, after.Version)
                    .UpdateAsync(cancellation);
                if (changed == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = RoomSummary.Of(before) };
                }

                await Audit.WriteAsync(db, caller, "change_counselling_room", "counselling_room", id, clock.Milliseconds());
                return RoomSummary.Of(after);
            },
            cancellation));
}

/// <summary>Which rooms are there?</summary>
internal static class ListRooms
{
    /// <summary>咨询室 (rooms).</summary>
    internal static async Task<Ok<Listing<RoomSummary>>> Handle(int? take, string? after, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await db.CounsellingRooms.Where(r => mark == null || r.Id.CompareTo(mark) > 0).OrderBy(r => r.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<RoomSummary>.Of(rows, count, RoomSummary.Of, r => r.Id));
    }
}
