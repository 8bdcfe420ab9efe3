using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>
/// Reads the ledger as a whole: its own rows, and what modules keep under lock. What is kept may move into the ledger at any
/// moment and never back, so it is read first: what moves in between is seen twice, never missed, and counted once.
/// </summary>
internal sealed class ConductLedger(ConductSources sources)
{
    /// <summary>All of one person, newest first.</summary>
    public async Task<List<ConductPointRow>> OfPersonAsync(Db db, string personId, CancellationToken cancellation)
    {
        var kept = await sources.KeptAsync(db, [personId], cancellation);
        var points = await db.ConductPoints.Where(p => p.PersonId == personId).ToListAsync(cancellation);
        return [.. points.UnionBy(kept, p => p.Id).OrderByDescending(p => p.At).ThenByDescending(p => p.Id, StringComparer.Ordinal)];
    }

    /// <summary>Person → sum of living points; who has none is not in it.</summary>
    public async Task<Dictionary<string, int>> LivingAsync(Db db, IReadOnlyCollection<string> personIds, long now, CancellationToken cancellation)
    {
        var kept = await sources.KeptAsync(db, personIds, cancellation);
        var points = await db.QueryAmongAsync<Living>(
            """
            SELECT id, person_id, weight FROM conduct_points
            WHERE person_id IN (@among) AND expires_at > @now AND lifted_at IS NULL
            """,
            personIds,
            cancellation,
            ("now", now));
        return points
            .UnionBy(kept.Where(p => p.IsLiving(now)).Select(p => new Living { Id = p.Id, PersonId = p.PersonId, Weight = p.Weight }), p => p.Id)
            .GroupBy(p => p.PersonId)
            .ToDictionary(g => g.Key, g => g.Sum(p => p.Weight));
    }

    /// <summary>For an appeal: what a module kept under lock stands in the ledger from now on.</summary>
    public async Task BringInAsync(Db db, ConductPointRow point, CancellationToken cancellation)
    {
        if (await sources.GiveUpAsync(db, point, cancellation))
        {
            await db.InsertAsync(point, token: cancellation);
        }
    }

    private sealed record Living
    {
        public required string Id { get; init; }

        public required string PersonId { get; init; }

        public required int Weight { get; init; }
    }
}
