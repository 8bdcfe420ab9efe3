using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>The officer's list of members who want to leave or are to be expelled.</summary>
internal static class ListDepartures
{
    /// <param name="Name">Masked.</param>
    public sealed record Item(DepartureSummary Departure, string Name, string MemberNumber, string UnionId, string UnionName);

    /// <summary>退会申请与开除提议 (open requests to leave and proposals to expel), oldest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Reach reach, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await (
            from departure in db.Departures
            join membership in db.Memberships on departure.MembershipId equals membership.Id
            join record in db.MemberRecords on membership.PersonId equals record.PersonId
            join union in db.Unions on membership.UnionId equals union.Id
            where departure.State == DepartureState.Open
                && ancestors.Any(a => a.UnionId == membership.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || departure.Id.CompareTo(mark) > 0)
            orderby departure.Id
            select new { departure, record.Name, membership.MemberNumber, UnionId = union.Id, UnionName = union.Name })
            .Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(DepartureSummary.Of(r.departure, cipher), Masking.Name(r.Name!), r.MemberNumber, r.UnionId, r.UnionName),
            r => r.departure.Id));
    }
}
