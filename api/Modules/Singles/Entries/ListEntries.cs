using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>The entries that wait for a decision, in reach, or have a photo that the county is to look at; nothing of what they say.</summary>
internal static class ListEntries
{
    private const string WithPhotos = "photos";

    /// <param name="Name">Masked.</param>
    /// <param name="PhotosToLookAt">For the county: how many of its photos it is to look at.</param>
    public sealed record Item(
        string Id, string? Name, string UnionId, string UnionName, EntryState State, int Version, DateTimeOffset UpdatedAt, int PhotosToLookAt);

    /// <summary>联谊信息审核清单 (entries), the oldest first.</summary>
    /// <param name="state">submitted (when left out), confirmed, approved or returned; photos: those handed in or approved that have a photo for the county to look at.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var (wanted, count, mark) = (StateOf(state), Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var (ancestors, records, photos, ofCounty) = (db.UnionAncestors, db.MemberRecords, db.SinglesPhotos, EntryDecisions.OfCounty(db, reach));
        var rows = await (
            from entry in db.SinglesEntries
            join union in db.Unions on entry.UnionId equals union.Id
            from record in records.LeftJoin(r => r.PersonId == entry.PersonId)
            let toLookAt = ofCounty.Any(a => a.UnionId == entry.UnionId) ? photos.Count(p => p.EntryId == entry.Id && p.Look != null) : 0
            where (wanted == null ? entry.State != EntryState.Draft && entry.State != EntryState.Returned && toLookAt > 0 : entry.State == wanted) && ancestors.Any(a => a.UnionId == entry.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || entry.Id.CompareTo(mark) > 0)
            orderby entry.Id
            select new { entry, record.Name, UnionName = union.Name, toLookAt }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.entry.Id, r.Name is null ? null : Masking.Name(r.Name), r.entry.UnionId!, r.UnionName, r.entry.State, r.entry.Version, Instants.At(r.entry.UpdatedAt), r.toLookAt),
            r => r.entry.Id));
    }

    private static EntryState? StateOf(string? state) => state switch
    {
        null or "submitted" => EntryState.Submitted,
        "confirmed" => EntryState.Confirmed,
        "approved" => EntryState.Approved,
        "returned" => EntryState.Returned,
        WithPhotos => null,
        _ => throw Refusal.OfField("state", "请从 submitted、confirmed、approved、returned、photos 中选择。"),
    };
}
