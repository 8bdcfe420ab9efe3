using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>Reads the ledger as a whole: its own rows, and what modules keep under lock.</summary>
internal sealed class ConductLedger(ConductSources sources)
{
    /// <summary>All of one person, newest first.</summary>
    public async Task<List<ConductPointRow>> OfPersonAsync(Db db, string personId, CancellationToken cancellation)
    {
        var points = await db.ConductPoints.Where(p => p.PersonId == personId).ToListAsync(cancellation);
        points.AddRange(await sources.KeptAsync(db, [personId], cancellation));
        return [.. points.OrderByDescending(p => p.At).ThenByDescending(p => p.Id, StringComparer.Ordinal)];
    }

    /// <summary>Person → sum of living points; who has none is not in it.</summary>
    public async Task<Dictionary<string, int>> LivingAsync(Db db, IReadOnlyCollection<string> personIds, long now, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Sum>(
            """
            SELECT person_id, SUM(weight) AS points FROM conduct_points
            WHERE person_id IN (@among) AND expires_at > @now AND lifted_at IS NULL GROUP BY person_id
            """,
            personIds,
            cancellation,
            ("now", now));
        var sums = rows.ToDictionary(s => s.PersonId, s => s.Points);
        foreach (var point in await sources.KeptAsync(db, personIds, cancellation))
        {
            if (point.IsLiving(now))
            {
                sums[point.PersonId] = sums.GetValueOrDefault(point.PersonId) + point.Weight;
            }
        }

        return sums;
    }

    /// <summary>For an appeal: what a module kept under lock stands in the ledger from now on.</summary>
    public async Task BringInAsync(Db db, ConductPointRow point, CancellationToken cancellation)
    {
        if (await sources.GiveUpAsync(db, point, cancellation))
        {
            await db.InsertAsync(point, token: cancellation);
        }
    }

    private sealed record Sum
    {
        public required string PersonId { get; init; }

        public required int Points { get; init; }
    }
}
