using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A name that nobody tried for a day starts afresh: the longest wait is a quarter of an hour.</summary>
internal sealed class ForgetSignInAttempts(Database database, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Kept.TotalMilliseconds;
        return database.ForgetAsync(
            async (db, most) =>
            {
                var old = await db.SignInAttempts.Where(a => a.LastAt < before).OrderBy(a => a.LastAt)
                    .Select(a => a.NameIndex).Take(most).ToListAsync(cancellation);
                return await db.SignInAttempts.Where(a => old.Contains(a.NameIndex)).DeleteAsync(cancellation);
            },
            cancellation);
    }
}
