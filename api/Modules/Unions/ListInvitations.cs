using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Which invitations are still open?</summary>
internal static class ListInvitations
{
    /// <param name="Kind">invitation, or enabling for an account that was disabled.</param>
    public sealed record Item(
        string Id, StaffLinkKind Kind, string DisplayName, Role Role, string UnionId, string UnionName, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt);

    /// <summary>待接受的邀请 (open invitations) to roles within reach, oldest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await (
            from link in db.StaffLinks
            join union in db.Unions on link.UnionId equals union.Id
            where link.UsedAt == null && link.WithdrawnAt == null && link.ExpiresAt > now
                && ancestors.Any(a => a.UnionId == link.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || link.Id.CompareTo(mark) > 0)
            orderby link.Id
            select new { Link = link, union.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.Link.Id, r.Link.Kind, r.Link.DisplayName, r.Link.Role!.Value, r.Link.UnionId!, r.Name, Instants.At(r.Link.MadeAt), Instants.At(r.Link.ExpiresAt)),
            r => r.Link.Id));
    }
}
