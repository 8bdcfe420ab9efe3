using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>The desk hands out the plates: who has which, but for those who took their consent back. Each look is written down with whom it showed.</summary>
internal static class ListPlates
{
    public const string Deed = "list_plates";

    /// <param name="Name">Masked.</param>
    public sealed record Item(string Plate, string? Name, string? PhoneTail, DateTimeOffset GivenAt);

    /// <summary>号牌名单 (number plates of a singles' evening), in the order in which they were given.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        var rows = await ReadAsync(id, count, mark, reach, database, cancellation);
        var now = clock.Milliseconds();
        await database.TransactAsync(
            db => db.InsertManyAsync(rows.Take(count).Select(r => Audit.RowOf(caller, Deed, "activity", id, now, r.Plate.PersonId))), cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(r.Plate.Plate.ToString(), r.Name is null ? null : Masking.Name(r.Name), r.PhoneTail, Instants.At(r.Plate.GivenAt)),
            r => r.Plate.Id));
    }

    private static async Task<List<Row>> ReadAsync(string id, int count, string? mark, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.FindEveningAsync(id, reach, cancellation);
        var (records, persons) = (db.MemberRecords, db.Persons);
        return await (
            from plate in db.PlatesSeen(id)
            join person in persons on plate.PersonId equals person.Id
            from record in records.LeftJoin(r => r.PersonId == plate.PersonId)
            where mark == null || plate.Id.CompareTo(mark) > 0
            orderby plate.Id
            select new Row(plate, record.Name, person.PhoneTail)).Take(count + 1).ToListAsync(cancellation);
    }

    private sealed record Row(PlateRow Plate, string? Name, string? PhoneTail);
}
