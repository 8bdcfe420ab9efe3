using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Register;

/// <summary>How many members has a union with those below it? Computed from the register, never typed (domain/members.md 1.5).</summary>
internal static class CountMemberships
{
    private const string Woman = "2";

    public sealed record StateCount(MembershipState State, int Count);

    /// <param name="Members">会员人数: active and transferring.</param>
    /// <param name="Women">女会员 of these.</param>
    /// <param name="Migrants">农民工会员 of these.</param>
    /// <param name="States">Every state, also those without anybody.</param>
    public sealed record Response(int Members, int Women, int Migrants, IReadOnlyList<StateCount> States);

    /// <summary>会员人数 (number of members per state).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await ListMemberships.TopsAsync(db, id, reach, cancellation);
        var groups = await (
            from membership in db.Memberships
            join ancestor in db.UnionAncestors on membership.UnionId equals ancestor.UnionId
            join record in db.MemberRecords on membership.PersonId equals record.PersonId
            where ancestor.AncestorId == id
            group membership by new { membership.State, record.Sex, record.IsMigrant } into g
            select new { g.Key.State, g.Key.Sex, g.Key.IsMigrant, Count = g.Count() }).ToListAsync(cancellation);
        var counted = groups.Where(g => g.State.IsCounted()).ToList();
        return TypedResults.Ok(new Response(
            counted.Sum(g => g.Count),
            counted.Where(g => g.Sex == Woman).Sum(g => g.Count),
            counted.Where(g => g.IsMigrant == true).Sum(g => g.Count),
            [.. Enum.GetValues<MembershipState>().Select(s => new StateCount(s, groups.Where(g => g.State == s).Sum(g => g.Count)))]));
    }
}
