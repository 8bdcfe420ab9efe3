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
internal sealed record ConductSource(string Kind, DescribeSource Describe, FollowLifting Follow);

/// <summary>All of them.</summary>
internal sealed class ConductSources(IEnumerable<ConductSource> sources)
{
    private readonly Dictionary<string, ConductSource> byKind = sources.ToDictionary(s => s.Kind);

    public async Task<SourceSeen?> DescribeAsync(Db db, ConductPointRow point, CancellationToken cancellation) =>
        byKind.TryGetValue(point.SourceKind, out var source) ? await source.Describe(db, point.SourceId, cancellation) : null;

    public Task FollowAsync(Db db, ConductPointRow point, string personId, long now, CancellationToken cancellation) =>
        byKind.TryGetValue(point.SourceKind, out var source) ? source.Follow(db, point, personId, now, cancellation) : Task.CompletedTask;
}
