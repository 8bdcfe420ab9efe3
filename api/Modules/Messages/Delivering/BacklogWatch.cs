using System.Diagnostics.Metrics;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// Looks a few times a minute at which messages wait, so that nobody who asks for the measurements waits for the
/// database. A look that fails leaves a gap rather than an old number.
/// </summary>
internal sealed class BacklogWatch : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly TelemetrySettings settings;
    private readonly TimeProvider clock;
    private readonly ILogger<BacklogWatch> logger;
    private Backlog? seen;

    public BacklogWatch(Database database, TelemetrySettings settings, TimeProvider clock, ILogger<BacklogWatch> logger)
    {
        (this.database, this.settings, this.clock, this.logger) = (database, settings, clock, logger);
        Signals.Meter.CreateObservableGauge("wechat_union.deliveries.waiting", () => Known(b => b.Waiting), "{message}", "Messages that wait to leave.");
        Signals.Meter.CreateObservableGauge("wechat_union.deliveries.parked", () => Known(b => b.Parked), "{message}", "Messages that staff must look at.");
        Signals.Meter.CreateObservableGauge("wechat_union.deliveries.delay", () => Known(b => b.OldestDue is { } due ? Math.Max(0, (clock.Milliseconds() - due) / 1000) : 0), "s", "How long the oldest due message has waited.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.IsOn && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var db = database.Open();
                seen = (await db.QueryToListAsync<Backlog>(
                    """
                    SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting, COUNT(CASE WHEN state = 'parked' THEN 1 END) AS parked,
                        MIN(CASE WHEN state = 'waiting' THEN due_at END) AS oldest_due
                    FROM deliveries WHERE state IN ('waiting', 'parked')
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
