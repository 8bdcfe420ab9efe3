using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>Who has blocked whom.</summary>
internal static class Blocks
{
    /// <summary>Both ways round: it does not matter who did it.</summary>
    public static async Task<HashSet<(string, string)>> AmongAsync(Db db, IReadOnlyCollection<string> people, CancellationToken cancellation)
    {
        if (people.Count == 0)
        {
            return [];
        }

        var rows = await db.QueryAmongAsync<BlockRow>(
            "SELECT id, person_id, blocked_id, at FROM blocks WHERE person_id IN (@among) AND blocked_id IN (@among)", people, cancellation);
        return [.. rows.SelectMany(b => new[] { (b.PersonId, b.BlockedId), (b.BlockedId, b.PersonId) })];
    }
}
