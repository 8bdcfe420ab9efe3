using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What the register knows of a person for certain. Other modules decide by this, never by what was typed.</summary>
/// <param name="State">Null when she is no member.</param>
/// <param name="UnionIds">Her union and all above it; empty when she is no member.</param>
/// <param name="Sex">GB/T 2261.1; null before she filled in a form.</param>
/// <param name="IsModelWorker">劳模 of any level.</param>
/// <param name="IsNewForm">新就业形态劳动者.</param>
internal sealed record MemberFacts(
    MembershipState? State, string? UnionId, IReadOnlySet<string> UnionIds, string? Sex, DateOnly? BirthOn, bool IsModelWorker, bool IsNewForm)
{
    public static readonly MemberFacts None = new(null, null, new HashSet<string>(), null, null, false, false);

    /// <summary>
    /// Person → facts for the given persons; only members' forms count, since an officer has checked them. Who is no
    /// member has <see cref="None"/>.
    /// </summary>
    public static async Task<Dictionary<string, MemberFacts>> ReadAsync(
        Db db, IReadOnlyCollection<string> personIds, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Row>(
            """
            SELECT m.person_id, m.state, m.union_id, r.sex, r.birth_on, r.model_worker, r.new_form
            FROM memberships m JOIN member_records r ON r.person_id = m.person_id
            WHERE m.live_person_id IN (@among)
            """,
            personIds,
            cancellation);
        var unionIds = rows.Select(r => r.UnionId).Distinct().ToArray();
        var above = (unionIds.Length == 0
                ? []
                : await db.QueryAmongAsync<UnionAncestorRow>("SELECT union_id, ancestor_id FROM union_ancestors WHERE union_id IN (@among)", unionIds, cancellation))
            .GroupBy(a => a.UnionId)
            .ToDictionary(g => g.Key, IReadOnlySet<string> (g) => g.Select(a => a.AncestorId).ToHashSet());
        var facts = rows.ToDictionary(
            r => r.PersonId,
            r => new MemberFacts(
                StoredWord<MembershipState>.Read(r.State), r.UnionId, above[r.UnionId], r.Sex, Instants.DateOrNone(r.BirthOn), Is(r.ModelWorker), Is(r.NewForm)));
        foreach (var personId in personIds)
        {
            facts.TryAdd(personId, None);
        }

        return facts;
    }

    /// <summary>Code 0 or nothing means no in both tables.</summary>
    private static bool Is(string? code) => code is not (null or "" or "0");

    private sealed record Row
    {
        public required string PersonId { get; init; }

        public required string State { get; init; }

        public required string UnionId { get; init; }

        public string? Sex { get; init; }

        public string? BirthOn { get; init; }

        public string? ModelWorker { get; init; }

        public string? NewForm { get; init; }
    }
}
