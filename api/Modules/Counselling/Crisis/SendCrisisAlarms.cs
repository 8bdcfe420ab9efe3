using System.Net;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>
/// Posts alarms to the county's gateway until it has taken them, at least once each, with an id by which it knows a
/// repeat. Signed: <c>X-Alarm-Signature</c> is the HMAC-SHA256, in hex, of <c>timestamp.body</c>. Says which ticket and
/// how urgent, never who.
/// </summary>
internal sealed class SendCrisisAlarms(Database database, CounsellingSettings settings, SignedPosts posts, ILogger<SendCrisisAlarms> logger, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (settings.AlarmAddress.Length == 0)
        {
            return;
        }

        List<CrisisAlarmRow> due;
        await using (var db = database.Open())
        {
            var now = clock.Milliseconds();
            due = await db.CrisisAlarms.Where(a => a.DeliveredAt == null && a.DueAt <= now).OrderBy(a => a.Id).Take(50).ToListAsync(cancellation);
        }

        await Due.ForEachAsync(due, alarm => SendAsync(alarm, cancellation));
    }

    private async Task SendAsync(CrisisAlarmRow alarm, CancellationToken cancellation)
    {
        var (ticket, until) = await ClaimAsync(alarm, cancellation);
        if (ticket is null)
        {
            return;
        }

        var isTaken = await PostAsync(alarm, ticket, cancellation);
        var now = clock.Milliseconds();

        // Whoever took longer than the lease says nothing any more: another has sent it meanwhile and wrote how it went.
        var pause = Math.Min(LongestPause.TotalMilliseconds, 5_000 * Math.Pow(2, Math.Min(alarm.Attempts, 10)));
        await database.TransactAsync(
            db => db.CrisisAlarms.Where(a => a.Id == alarm.Id && a.DueAt == until)
                .Set(a => a.DeliveredAt, isTaken ? now : null)
                .Set(a => a.DueAt, now + (long)pause)
                .UpdateAsync(cancellation),
            cancellation);
    }

    /// <summary>Of several nodes one sends; one that dies meanwhile is followed by another after the lease.</summary>
    private Task<(CrisisTicketRow? Ticket, long Until)> ClaimAsync(CrisisAlarmRow alarm, CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var until = clock.Milliseconds() + (long)Lease.TotalMilliseconds;
            var claimed = await db.CrisisAlarms.Where(a => a.Id == alarm.Id && a.DueAt == alarm.DueAt && a.DeliveredAt == null)
                .Set(a => a.DueAt, until).Set(a => a.Attempts, alarm.Attempts + 1).UpdateAsync(cancellation);
            return (claimed == 1 ? await db.CrisisTickets.FirstOrDefaultAsync(t => t.Id == alarm.TicketId, cancellation) : null, until);
        },
        cancellation);

    private async Task<bool> PostAsync(CrisisAlarmRow alarm, CrisisTicketRow ticket, CancellationToken cancellation)
    {
        var status = await posts.SendAsync(
            settings.AlarmAddress,
            Convert.FromBase64String(settings.AlarmKey),
            "X-Alarm",
            "Timestamp",
            new { alarm.Id, alarm.Kind, alarm.TicketId, ticket.Level, TriggeredAt = Instants.At(ticket.TriggeredAt), MadeAt = Instants.At(alarm.MadeAt) },
            cancellation);
        if (status is >= (HttpStatusCode)200 and < (HttpStatusCode)300)
        {
            return true;
        }

        logger.LogError("Crisis alarm {Id} was not taken, status {Status}; it is repeated", alarm.Id, (int?)status);
        return false;
    }
}
