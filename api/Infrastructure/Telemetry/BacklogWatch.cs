using System.Diagnostics.Metrics;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Telemetry;

/// <summary>
/// Looks a few times a minute at what waits in the outbox, so that nobody who asks for the measurements waits for the
/// database. A look that fails leaves a gap rather than an old number.
/// </summary>
internal sealed class BacklogWatch : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly Database.Database database;
    private readonly TimeProvider clock;
    private readonly ILogger<BacklogWatch> logger;
    private Backlog? seen;

    public BacklogWatch(Database.Database database, ICache cache, TimeProvider clock, ILogger<BacklogWatch> logger)
    {
        (this.database, this.clock, this.logger) = (database, clock, logger);
        Signals.Meter.CreateObservableGauge("wechat_union.outbox.waiting", () => Known(b => b.Waiting), "{row}", "Outbox rows that wait.");
        Signals.Meter.CreateObservableGauge("wechat_union.outbox.parked", () => Known(b => b.Parked), "{row}", "Outbox rows given up after too many tries.");
        Signals.Meter.CreateObservableGauge("wechat_union.outbox.delay", () => Known(b => b.OldestDue is { } due ? Math.Max(0, (clock.Milliseconds() - due) / 1000) : 0), "s", "How long the oldest due outbox row has waited.");
        if (cache is RedisCache redis)
        {
            Signals.Meter.CreateObservableGauge("wechat_union.redis.connected", () => redis.IsConnected ? 1 : 0, null, "1 while Redis is connected.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var db = database.Open();
                seen = (await db.QueryToListAsync<Backlog>(
                    """
                    SELECT COUNT(CASE WHEN parked_at IS NULL THEN 1 END) AS waiting, COUNT(parked_at) AS parked,
                        MIN(CASE WHEN parked_at IS NULL THEN due_at END) AS oldest_due
                    FROM outbox
                    """,
                    stoppingToken))[0];
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                seen = null;
                logger.LogWarning("The backlog cannot be measured: {Kind}", error.GetType().Name);
            }

            await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<Measurement<long>> Known(Func<Backlog, long> number) => seen is { } backlog ? [new(number(backlog))] : [];

    private sealed record Backlog
    {
        public required long Waiting { get; init; }

        public required long Parked { get; init; }

        public long? OldestDue { get; init; }
    }
}
