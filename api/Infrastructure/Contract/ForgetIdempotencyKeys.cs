using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>Keys are kept 24 hours: longer than any phone repeats a request.</summary>
internal sealed class ForgetIdempotencyKeys(Database.Database database, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Kept.TotalMilliseconds;
        return database.ForgetAsync(
            async (db, most) =>
            {
                var old = await db.QueryToListAsync<IdempotencyKeyRow>(
                    $"SELECT person_id, route, idempotency_key, body_hash, made_id, created_at FROM idempotency_keys WHERE created_at < @before ORDER BY created_at LIMIT {most}",
                    new { before },
                    cancellation);
                foreach (var key in old)
                {
                    await db.ExecuteAsync(
                        "DELETE FROM idempotency_keys WHERE person_id = @PersonId AND route = @Route AND idempotency_key = @Key",
                        new { key.PersonId, key.Route, key.Key });
                }

                return old.Count;
            },
            cancellation);
    }
}
