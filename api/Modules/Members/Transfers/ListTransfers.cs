using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>Transfers out of or into the unions in reach.</summary>
internal static class ListTransfers
{
    /// <param name="Name">Masked.</param>
    public sealed record Item(TransferSummary Transfer, string Name, string MemberNumber);

    /// <summary>会籍接转清单 (transfers), oldest first.</summary>
    /// <param name="state">open (when not given), accepted, refused, cancelled, timed_out or lapsed.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, int? take, string? after, Reach reach, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var wanted = StateOf(state);
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await (
            from transfer in db.Transfers
            join membership in db.Memberships on transfer.MembershipId equals membership.Id
            join record in db.MemberRecords on membership.PersonId equals record.PersonId
            join oldUnion in db.Unions on transfer.FromUnionId equals oldUnion.Id
            join newUnion in db.Unions on transfer.ToUnionId equals newUnion.Id
            where transfer.State == wanted
                && ancestors.Any(a => (a.UnionId == oldUnion.Id || a.UnionId == newUnion.Id) && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || transfer.Id.CompareTo(mark) > 0)
            orderby transfer.Id
            select new { transfer, oldUnion, newUnion, record.Name, membership.MemberNumber }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(TransferSummary.Of(r.transfer, r.oldUnion, r.newUnion, cipher), Masking.Name(r.Name!), r.MemberNumber),
            r => r.transfer.Id));
    }

    private static TransferState StateOf(string? state) => state switch
    {
        null or "open" => TransferState.Open,
        "accepted" => TransferState.Accepted,
        "refused" => TransferState.Refused,
        "cancelled" => TransferState.Cancelled,
        "timed_out" => TransferState.TimedOut,
        "lapsed" => TransferState.Lapsed,
        _ => throw Refusal.OfField("state", "请从 open、accepted、refused、cancelled、timed_out、lapsed 中选择。"),
    };
}
