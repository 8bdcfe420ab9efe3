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

/// <summary>The entries that wait for a decision, in reach, or that the county is to look at once more; nothing of what they say.</summary>
internal static class ListEntries
{
    private const string ToLookAt = "to_look_at";

    /// <param name="Name">Masked.</param>
    /// <param name="TextCheck">What the platform's content check said of the texts.</param>
    /// <param name="PhotosToLookAt">For the county: how many of its photos it is to look at.</param>
    public sealed record Item(
        string Id, string? Name, string UnionId, string UnionName, EntryState State, int Version, DateTimeOffset UpdatedAt, TextCheck TextCheck, int PhotosToLookAt);

    /// <summary>联谊信息审核清单 (entries), the oldest first.</summary>
    /// <param name="state">submitted (when left out), confirmed, approved or returned; to_look_at: for the county, those with a photo that waits for its look, and those approved whose texts the platform forbade since.</param>
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
            let isOfCounty = ofCounty.Any(a => a.UnionId == entry.UnionId)
            let toLookAt = isOfCounty ? photos.Count(p => p.EntryId == entry.Id && p.Look != null) : 0
            let isForbidden = isOfCounty && entry.State == EntryState.Approved && entry.TextCheck == TextCheck.Risky
            where (wanted == null ? entry.State != EntryState.Draft && entry.State != EntryState.Returned && (toLookAt > 0 || isForbidden) : entry.State == wanted)
                && ancestors.Any(a => a.UnionId == entry.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || entry.Id.CompareTo(mark) > 0)
            orderby entry.Id
            select new { entry, record.Name, UnionName = union.Name, toLookAt }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.entry.Id,
                r.Name is null ? null : Masking.Name(r.Name),
                r.entry.UnionId!,
                r.UnionName,
                r.entry.State,
                r.entry.Version,
                Instants.At(r.entry.UpdatedAt),
                r.entry.TextCheck,
                r.toLookAt),
            r => r.entry.Id));
    }

    private static EntryState? StateOf(string? state) => state switch
    {
        null or "submitted" => EntryState.Submitted,
        "confirmed" => EntryState.Confirmed,
        "approved" => EntryState.Approved,
        "returned" => EntryState.Returned,
        ToLookAt => null,
        _ => throw Refusal.OfField("state", "请从 submitted、confirmed、approved、returned、to_look_at 中选择。"),
    };
}
