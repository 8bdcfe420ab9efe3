using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Removes re-binding codes that nobody used in time.</summary>
internal sealed class ForgetRebindingCodes(Database database, TimeProvider clock) : IPeriodicTask
{
    public Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        return database.ForgetAsync(
            async (db, most) =>
            {
                var old = await db.RebindingCodes.Where(c => c.ExpiresAt <= now).OrderBy(c => c.ExpiresAt)
                    .Select(c => c.PersonId).Take(most).ToListAsync(cancellation);
                return await db.RebindingCodes.Where(c => old.Contains(c.PersonId) && c.ExpiresAt <= now).DeleteAsync(cancellation);
            },
            cancellation);
    }
}
