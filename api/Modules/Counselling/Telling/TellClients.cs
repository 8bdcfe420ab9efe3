using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Counselling.Telling;

/// <summary>At each round all that waited for it is told in one instant, and leaves the queue with it.</summary>
internal sealed class TellClients(Database database, ClientNotices notices, CounsellingSettings settings, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (settings.LinkKey.Length == 0)
        {
            return;
        }

        await using (var db = database.Open())
        {
            var now = clock.Milliseconds();
            if (!await db.CounsellingNotices.AnyAsync(n => n.DueAt <= now, cancellation))
            {
                return;
            }
        }

        await database.TransactAsync(db => TellAsync(db, cancellation), cancellation);
    }

    private async Task TellAsync(Db db, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var due = new List<Notice>();
        foreach (var row in await db.CounsellingNotices.Where(n => n.DueAt <= now).OrderBy(n => n.Id).ToListAsync(cancellation))
        {
            // Whoever took it away tells it.
            if (await db.CounsellingNotices.Where(n => n.Id == row.Id).DeleteAsync(cancellation) == 1)
            {
                due.Add(notices.Open(row));
            }
        }

        if (due.Count > 0)
        {
            await messenger.AddAsync(db, due, now);
        }
    }
}
