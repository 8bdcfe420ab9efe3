using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>Removes sessions that ended by themselves; nobody can use them any more.</summary>
internal sealed class ForgetSessions(Database.Database database, TimeProvider clock) : IPeriodicTask
{
    public Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var workersSeen = now - (long)SessionRules.Idle(SessionKind.Worker).TotalMilliseconds;
        var staffSeen = now - (long)SessionRules.Idle(SessionKind.Staff).TotalMilliseconds;
        return database.ForgetAsync(
            async (db, most) =>
            {
                var ended = await db.GetTable<SessionRow>()
                    .Where(s => (s.Kind == SessionKind.Worker && s.LastSeenAt <= workersSeen) || (s.Kind == SessionKind.Staff && s.LastSeenAt <= staffSeen))
                    .OrderBy(s => s.Id).Select(s => s.Id).Take(most).ToListAsync(cancellation);
                return await db.GetTable<SessionRow>().Where(s => ended.Contains(s.Id)).DeleteAsync(cancellation);
            },
            cancellation);
    }
}
