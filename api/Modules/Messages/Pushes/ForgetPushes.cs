using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>WeChat repeats a push within minutes; a week later nobody asks whether it came before.</summary>
internal sealed class ForgetPushes(Database database, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Kept.TotalMilliseconds;
        return database.ForgetAsync(
            async (db, most) =>
            {
                var ids = await db.QueryToListAsync<string>("SELECT id FROM received_pushes WHERE received_at <= @before ORDER BY received_at LIMIT @most", new { before, most }, cancellation);
                return ids.Count == 0 ? 0 : await db.ExecuteAmongAsync("DELETE FROM received_pushes WHERE id IN (@among)", ids, cancellation);
            },
            cancellation);
    }
}
