using System.Text.Json;
using System.Threading.Channels;
using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Telemetry;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>A way out of the inbox. It never throws for what the other side does.</summary>
internal interface IDeliveryChannel
{
    /// <summary>As stored.</summary>
    string Name { get; }

    Task<SubscribeAnswer> SendAsync(Claimed delivery, Payload payload, CancellationToken cancellation);
}

/// <summary>
/// Works deliveries off: claims as many as may be under way, sends them beside each other, and writes what became of them
/// in the transaction that claims the next. A node that dies leaves its own under a lease; then nobody knows whether they
/// arrived, and only what does no harm twice is sent again.
/// </summary>
internal sealed class DeliveryWorker(
    Database database,
    IEnumerable<IDeliveryChannel> channels,
    Claims claims,
    MessagesSettings settings,
    WeChatSettings weChat,
    FieldCipher cipher,
    ParkedAlarm alarm,
    TimeProvider clock,
    ILogger<DeliveryWorker> logger)
{
    private const int MostTakenOver = 200;
    private static readonly TimeSpan BetweenTakeOvers = TimeSpan.FromSeconds(5);

    /// <summary>Nobody gives up a call sooner: a token may be asked for, the message refused and sent again.</summary>
    private readonly TimeSpan lease = TimeSpan.FromSeconds((4 * weChat.TimeoutSeconds) + 10);

    private readonly Dictionary<string, IDeliveryChannel> channels = channels.ToDictionary(c => c.Name);
    private readonly Channel<Outcome> finished = Channel.CreateUnbounded<Outcome>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Outcome> unwritten = [];
    private readonly HashSet<string> busy = [];
    private readonly Weather weather = new();
    private readonly string worker = Ids.New();
    private long lookedForLost;

    /// <summary>
    /// Writes what has come back, claims and starts what is due. Ends when something under way has come back; with nothing
    /// under way, at once.
    /// </summary>
    /// <returns>False when nothing was due and nothing is under way.</returns>
    public async Task<bool> RoundAsync(CancellationToken cancellation)
    {
        Collect();
        var now = clock.Milliseconds();
        if (now - lookedForLost >= BetweenTakeOvers.TotalMilliseconds || lookedForLost > now)
        {
            await TakeOverLostAsync(now, cancellation);
            lookedForLost = now;
        }

        var free = settings.MostInFlight - busy.Count;
        var allowed = weather.Allowed(settings.MostInFlight, now) - busy.Count;
        var taken = await database.TransactAsync(
            async db =>
            {
                await Outcomes.WriteAsync(db, cipher, worker, unwritten, now);
                return free <= 0 ? [] : await claims.TakeAsync(db, worker, allowed > 0 ? Math.Min(free, allowed) : free, busy, allowed > 0, now, now + (long)lease.TotalMilliseconds, cancellation);
            },
            cancellation);
        await ToldAsync(now, cancellation);
        foreach (var delivery in taken)
        {
            busy.Add(delivery.PersonId);
            _ = SendAsync(delivery);
        }

        if (busy.Count > 0)
        {
            await finished.Reader.WaitToReadAsync(cancellation);
        }

        return busy.Count > 0;
    }

    /// <summary>When the program stops: what is under way comes back and is written down, nothing new is begun.</summary>
    public async Task FinishAsync()
    {
        Collect();
        while (busy.Count > 0)
        {
            await finished.Reader.WaitToReadAsync(CancellationToken.None);
            Collect();
        }

        if (unwritten.Count > 0)
        {
            var now = clock.Milliseconds();
            await database.TransactAsync(db => Outcomes.WriteAsync(db, cipher, worker, unwritten, now), CancellationToken.None);
            await ToldAsync(now, CancellationToken.None);
        }
    }

    private async Task SendAsync(Claimed delivery)
    {
        // The loop goes on claiming meanwhile.
        await Task.Yield();
        var answer = new SubscribeAnswer(SubscribeResult.Unknown);
        try
        {
            var payload = JsonSerializer.Deserialize<Payload>(cipher.Open(DeliveryRow.PayloadPlace, delivery.Id, delivery.PayloadSealed), ContractJson.Stored)!;
            answer = await channels[delivery.Channel].SendAsync(delivery, payload, CancellationToken.None);
        }
        catch (Exception error)
        {
            logger.LogError("Delivery {Id} failed with {Kind}", delivery.Id, error.GetType().Name);
            answer = new SubscribeAnswer(SubscribeResult.Wrong);
        }
        finally
        {
            finished.Writer.TryWrite(new Outcome(delivery, answer));
        }
    }

    private void Collect()
    {
        while (finished.Reader.TryRead(out var outcome))
        {
            busy.Remove(outcome.Delivery.PersonId);
            unwritten.Add(outcome);
            if (outcome.Delivery.Channel == SubscribeChannel.Word)
            {
                weather.Note(outcome.Answer.Result is not (SubscribeResult.Busy or SubscribeResult.Unreachable or SubscribeResult.Unknown), clock.Milliseconds());
            }
        }
    }

    /// <summary>After the commit: measured, and told to whoever must look.</summary>
    private async Task ToldAsync(long now, CancellationToken cancellation)
    {
        foreach (var (delivery, answer) in unwritten)
        {
            // What waited for the morning or for its deadline on purpose says nothing about us.
            Signals.MessageLeft(delivery.Channel, answer.Result.ToString(), delivery.Attempts == 0 ? TimeSpan.FromMilliseconds(Math.Max(0, now - Math.Max(delivery.CreatedAt, delivery.DueAt))) : null);
        }

        var parked = unwritten.Where(o => o.Answer.Result == SubscribeResult.Wrong).ToList();
        unwritten.Clear();
        if (parked.Count > 0)
        {
            await alarm.RaiseAsync(parked, cancellation);
        }
    }

    /// <summary>What a dead node held: sent again where that does no harm, else left as unknown.</summary>
    private async Task TakeOverLostAsync(long now, CancellationToken cancellation)
    {
        var count = await database.TransactAsync(
            async db =>
            {
                var lost = await db.QueryToListAsync<Claimed>(
                    $"SELECT {Claims.Columns} FROM deliveries d "
                    + $"WHERE d.state = 'sending' AND d.claimed_until <= @now ORDER BY d.id LIMIT {MostTakenOver}{(database.IsSqlite ? "" : " FOR UPDATE SKIP LOCKED")}",
                    new { now },
                    cancellation);
                foreach (var some in lost.GroupBy(l => NoticeKinds.Of(l.Kind).MayRepeat))
                {
                    await db.ExecuteAmongAsync(
                        "UPDATE deliveries SET state = @state, due_at = @now, attempts = attempts + 1, unknowns = unknowns + 1, claimed_until = NULL, closed_at = @closed "
                        + "WHERE state = 'sending' AND claimed_until <= @now AND id IN (@among)",
                        [.. some.Select(l => l.Id)],
                        cancellation,
                        ("state", some.Key ? "waiting" : "unknown"),
                        ("now", now),
                        ("closed", some.Key ? null : now));
                }

                return lost.Count;
            },
            cancellation);
        if (count > 0)
        {
            logger.LogWarning("{Count} deliveries of a node that went away have an unknown outcome", count);
        }
    }
}
