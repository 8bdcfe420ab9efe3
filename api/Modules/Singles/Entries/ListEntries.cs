using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>The entries that wait for a decision, in reach; nothing of what they say.</summary>
internal static class ListEntries
{
    /// <param name="Name">Masked.</param>
    public sealed record Item(string Id, string? Name, string UnionId, string UnionName, EntryState State, int Version, DateTimeOffset UpdatedAt);

    /// <summary>联谊信息审核清单 (entries), the oldest first.</summary>
    /// <param name="state">submitted (when left out), confirmed, approved or returned.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var (wanted, count, mark) = (StateOf(state), Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var (ancestors, records) = (db.UnionAncestors, db.MemberRecords);
        var rows = await (
            from entry in db.SinglesEntries
            join union in db.Unions on entry.UnionId equals union.Id
            from record in records.LeftJoin(r => r.PersonId == entry.PersonId)
            where entry.State == wanted && ancestors.Any(a => a.UnionId == entry.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || entry.Id.CompareTo(mark) > 0)
            orderby entry.Id
            select new { entry, record.Name, UnionName = union.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.entry.Id, r.Name is null ? null : Masking.Name(r.Name), r.entry.UnionId!, r.UnionName, r.entry.State, r.entry.Version, Instants.At(r.entry.UpdatedAt)),
            r => r.entry.Id));
    }

    private static EntryState StateOf(string? state) => state switch
    {
        null or "submitted" => EntryState.Submitted,
        "confirmed" => EntryState.Confirmed,
        "approved" => EntryState.Approved,
        "returned" => EntryState.Returned,
        _ => throw Refusal.OfField("state", "请从 submitted、confirmed、approved、returned 中选择。"),
    };
}
