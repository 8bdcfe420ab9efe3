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
        var all = (await db.CounsellingNotices.ToListAsync(cancellation)).ConvertAll(r => (Row: r, Waiting: notices.Open(r)));

        // All of hers with the first that is due: a later deed must not be told before an earlier one.
        var people = all.Where(n => n.Row.DueAt <= now).Select(n => n.Waiting.Notice.PersonId).ToHashSet();
        var due = new List<Notice>();
        foreach (var (row, waiting) in all.Where(n => people.Contains(n.Waiting.Notice.PersonId)).OrderBy(n => n.Waiting.At))
        {
            // Whoever took it away tells it.
            if (await db.CounsellingNotices.Where(n => n.Id == row.Id).DeleteAsync(cancellation) == 1 && await HoldsAsync(db, waiting.Standing, cancellation))
            {
                due.Add(waiting.Notice);
            }
        }

        if (due.Count > 0)
        {
            await messenger.AddAsync(db, due, now);
        }
    }

    private static async Task<bool> HoldsAsync(Db db, StandingTalk? talk, CancellationToken cancellation) =>
        talk is null || await db.Appointments.AnyAsync(a => a.Id == talk.AppointmentId && a.StartsAt == talk.StartsAt && a.State == AppointmentState.Booked, cancellation);
}
