using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>What a record that gave points is; the module that owns the record tells.</summary>
/// <param name="UnionId">Whose officers decide about appeals.</param>
/// <param name="Title">For the person, e.g. the activity's title.</param>
/// <param name="MadeBy">Who made the record or looked after it: they do not decide about appeals against it.</param>
internal sealed record SourceSeen(string UnionId, string Title, IReadOnlyCollection<string> MadeBy);

/// <returns>Null when the record is gone.</returns>
internal delegate Task<SourceSeen?> DescribeSource(Db db, string sourceId, CancellationToken cancellation);

/// <summary>What the record's module does itself when points are lifted, in the same transaction.</summary>
/// <param name="personId">Who decided it.</param>
internal delegate Task FollowLifting(Db db, ConductPointRow point, string personId, long now, CancellationToken cancellation);

/// <summary>A kind of record that gives points; a higher module registers its own.</summary>
/// <param name="Kind">As in <see cref="ConductPointRow.SourceKind"/>.</param>
internal sealed record ConductSource(string Kind, DescribeSource Describe, FollowLifting Follow)
{
    /// <summary>Null: its points stand in the ledger.</summary>
    public KeptPoints? Kept { get; init; }
}

/// <summary>
/// A module whose records nobody may be joined to keeps its points itself, under lock. They count like any others, and
/// come into the ledger when their owner appeals: whoever decides has to see whose they are.
/// </summary>
internal sealed record KeptPoints(ReadKept Read, GiveUpKept GiveUp);

/// <returns>Those of these people, as they would stand in the ledger.</returns>
internal delegate Task<IReadOnlyList<ConductPointRow>> ReadKept(Db db, IReadOnlyCollection<string> personIds, CancellationToken cancellation);

/// <returns>False when the module keeps them no longer.</returns>
internal delegate Task<bool> GiveUpKept(Db db, ConductPointRow point, CancellationToken cancellation);

/// <summary>All of them.</summary>
internal sealed class ConductSources(IEnumerable<ConductSource> sources)
{
    private readonly Dictionary<string, ConductSource> byKind = sources.ToDictionary(s => s.Kind);

    public async Task<SourceSeen?> DescribeAsync(Db db, ConductPointRow point, CancellationToken cancellation) =>
        byKind.TryGetValue(point.SourceKind, out var source) ? await source.Describe(db, point.SourceId, cancellation) : null;

    /// <summary>What the modules keep themselves of these people.</summary>
    public async Task<IReadOnlyList<ConductPointRow>> KeptAsync(Db db, IReadOnlyCollection<string> personIds, CancellationToken cancellation)
    {
        var points = new List<ConductPointRow>();
        foreach (var kept in byKind.Values.Select(s => s.Kept).OfType<KeptPoints>())
        {
            points.AddRange(await kept.Read(db, personIds, cancellation));
        }

        return points;
    }

    /// <summary>Whether the module kept these points, and keeps them no longer.</summary>
    public async Task<bool> GiveUpAsync(Db db, ConductPointRow point, CancellationToken cancellation) =>
        byKind.TryGetValue(point.SourceKind, out var source) && source.Kept is { } kept && await kept.GiveUp(db, point, cancellation);

    public Task FollowAsync(Db db, ConductPointRow point, string personId, long now, CancellationToken cancellation) =>
        byKind.TryGetValue(point.SourceKind, out var source) ? source.Follow(db, point, personId, now, cancellation) : Task.CompletedTask;
}
