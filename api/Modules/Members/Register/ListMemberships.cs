using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Register;

/// <summary>The register of members of a union and those below it.</summary>
internal static class ListMemberships
{
    /// <param name="Name">Masked.</param>
    /// <param name="IdNumber">Masked.</param>
    public sealed record Item(
        string Id, int Version, string MemberNumber, string Name, string IdNumber, MembershipState State, DateOnly JoinedOn, string UnionId, string UnionName);

    /// <summary>会员名册 (members), in the order they joined.</summary>
    /// <param name="unionId">This union and those below it; everything in reach when not given.</param>
    /// <param name="state">A state, e.g. active; the living ones when not given.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? unionId, string? state, int? take, string? after, Reach reach, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var wanted = StateOf(state);
        await using var db = database.Open();
        var tops = await TopsAsync(db, unionId, reach, cancellation);
        var ancestors = db.UnionAncestors;
        var rows = await (
            from membership in db.Memberships
            join record in db.MemberRecords on membership.PersonId equals record.PersonId
            join union in db.Unions on membership.UnionId equals union.Id
            where (wanted == null ? membership.LivePersonId != null : membership.State == wanted)
                && ancestors.Any(a => a.UnionId == membership.UnionId && tops.Contains(a.AncestorId))
                && (mark == null || membership.Id.CompareTo(mark) > 0)
            orderby membership.Id
            select new { membership, record, union.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.membership.Id,
                r.membership.Version,
                r.membership.MemberNumber,
                Masking.Name(r.record.Name!),
                RegistrationForm.MaskedIdNumber(r.record, cipher)!,
                r.membership.State,
                Instants.Date(r.membership.JoinedOn),
                r.membership.UnionId,
                r.Name),
            r => r.membership.Id));
    }

    /// <summary>The union asked for, if it is in reach, or all that are.</summary>
    internal static async Task<IReadOnlyCollection<string>> TopsAsync(Db db, string? unionId, Reach reach, CancellationToken cancellation)
    {
        if (unionId is null)
        {
            return reach.UnionIds;
        }

        return Ids.IsId(unionId) && await db.IsInReachAsync(reach, unionId, cancellation)
            ? [unionId]
            : throw new Refusal(CommonProblems.NotFound);
    }

    private static MembershipState? StateOf(string? state) => state switch
    {
        null => null,
        "active" => MembershipState.Active,
        "transferring" => MembershipState.Transferring,
        "retained" => MembershipState.Retained,
        "withdrawn" => MembershipState.Withdrawn,
        "auto_left" => MembershipState.AutoLeft,
        "expelled" => MembershipState.Expelled,
        "deceased" => MembershipState.Deceased,
        _ => throw Refusal.OfField("state", "请从 active、transferring、retained、withdrawn、auto_left、expelled、deceased 中选择。"),
    };
}
