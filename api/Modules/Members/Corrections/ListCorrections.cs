using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Register;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>Corrections that wait for a second officer.</summary>
internal static class ListCorrections
{
    /// <param name="By">Who proposed it.</param>
    public sealed record Item(
        string Id, string MembershipId, string MemberNumber, string UnionName, string? Reason, string? By, DateTimeOffset MadeAt, IReadOnlyList<FieldCorrection> Fields);

    /// <summary>待复核的更正 (corrections to confirm), oldest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Reach reach, Database database, Correcting correcting, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var (ancestors, officers) = (db.UnionAncestors, db.StaffAccounts);
        var rows = await (
            from correction in db.Corrections
            join membership in db.Memberships on correction.MembershipId equals membership.Id
            join union in db.Unions on membership.UnionId equals union.Id
            from officer in officers.LeftJoin(o => o.PersonId == correction.MadeBy)
            where correction.State == CorrectionState.Proposed
                && ancestors.Any(a => a.UnionId == union.Id && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || correction.Id.CompareTo(mark) > 0)
            orderby correction.Id
            select new { correction, membership.MemberNumber, union.Name, officer }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.correction.Id,
                r.correction.MembershipId,
                r.MemberNumber,
                r.Name,
                correcting.Reason(r.correction),
                r.officer?.DisplayName,
                Instants.At(r.correction.MadeAt),
                FieldCorrection.Of(r.correction, correcting)),
            r => r.correction.Id));
    }
}
