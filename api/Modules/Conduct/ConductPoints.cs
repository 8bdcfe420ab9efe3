using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct.Appeals;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>What points are given for (守约记分).</summary>
public enum ConductKind
{
    /// <summary>逾期取消.</summary>
    [MapValue("late_cancellation")]
    LateCancellation,

    /// <summary>缺席.</summary>
    [MapValue("no_show")]
    NoShow,
}

/// <summary>
/// Writes the one ledger of all modules; <see cref="ConductLedger"/> reads it. Who gave up a place too late or did not come has points for a while; they delay the
/// next opening for that person, then close it. Points are told before the button that gives them.
/// </summary>
internal static class ConductPoints
{
    /// <summary>Adds points once per source and kind, in the deed's transaction; a repeat changes nothing.</summary>
    public static async Task AddAsync(
        Db db, ConductRules rules, string personId, ConductKind kind, string sourceKind, string sourceId, long now, CancellationToken cancellation)
    {
        var isThere = await db.ConductPoints.AnyAsync(
            p => p.SourceKind == sourceKind && p.SourceId == sourceId && p.Kind == kind, cancellation);
        if (!isThere)
        {
            await db.InsertAsync(RowOf(rules, personId, kind, sourceKind, sourceId, now), token: cancellation);
        }
    }

    /// <summary>For many sources of one kind that surely gave none yet: one statement for all.</summary>
    public static Task AddNewAsync(
        Db db, ConductRules rules, ConductKind kind, string sourceKind, IEnumerable<(string PersonId, string SourceId)> sources, long now) =>
        db.InsertManyAsync(sources.Select(s => RowOf(rules, s.PersonId, kind, sourceKind, s.SourceId, now)));

    /// <summary>Points that turn out to be wrong count no longer.</summary>
    /// <returns>Whether there were any to lift.</returns>
    public static async Task<bool> LiftAsync(
        Db db, ConductKind kind, string sourceKind, string sourceId, long now, CancellationToken cancellation) =>
        await db.ConductPoints
            .Where(p => p.SourceKind == sourceKind && p.SourceId == sourceId && p.Kind == kind && p.LiftedAt == null)
            .Set(p => p.LiftedAt, now)
            .UpdateAsync(cancellation) == 1;

    private static ConductPointRow RowOf(ConductRules rules, string personId, ConductKind kind, string sourceKind, string sourceId, long now) => new()
    {
        Id = Ids.At(now),
        PersonId = personId,
        Kind = kind,
        Weight = rules.WeightOf(kind),
        SourceKind = sourceKind,
        SourceId = sourceId,
        At = now,
        ExpiresAt = now + rules.Life,
    };
}

[Table("conduct_points", IsColumnAttributeRequired = false)]
internal sealed record ConductPointRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required ConductKind Kind { get; init; }

    public required int Weight { get; init; }

    /// <summary>Which kind of record gave them, e.g. <c>enrolment</c>.</summary>
    public required string SourceKind { get; init; }

    public required string SourceId { get; init; }

    public required long At { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>Set when an appeal was accepted, or when they turned out to be wrong.</summary>
    public long? LiftedAt { get; init; }

    /// <summary>Still counts.</summary>
    public bool IsLiving(long now) => ExpiresAt > now && LiftedAt is null;
}

internal static class Tables
{
    extension(Db db)
    {
        public ITable<ConductPointRow> ConductPoints => db.GetTable<ConductPointRow>();

        public ITable<ConductAppealRow> ConductAppeals => db.GetTable<ConductAppealRow>();
    }
}
