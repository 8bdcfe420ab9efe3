using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Infrastructure.Background;

/// <summary>
/// Works the outbox off, many due rows in one transaction; many nodes may run it, each passes over what another holds.
/// When one of them fails, they are taken one by one under a lease: the failing row moves into the future with a count
/// and is parked after ten tries for staff to see.
/// </summary>
internal sealed class OutboxWorker(
    Database.Database database, IEnumerable<IOutboxHandler> handlers, TimeProvider clock, ILogger<OutboxWorker> logger)
{
    private const int MostTogether = 200;
    private const int MostClaimed = 50;
    private const int MostAttempts = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IOutboxHandler> handlers = handlers.ToDictionary(h => h.Kind);
    private readonly string worker = Ids.New();

    /// <summary>Handles some of what is due and says how many rows that was. Tests step the loop by this.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        try
        {
            var rows = await database.TransactAsync(db => HandleTogetherAsync(db, cancellation), cancellation);
            foreach (var row in rows)
            {
                Signals.OutboxHandled(row.Kind, isWell: true);
            }

            return rows.Count;
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseErrors.IsOutage(error))
        {
            return await OneByOneAsync(cancellation);
        }
    }

    private async Task<List<OutboxRow>> HandleTogetherAsync(Db db, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var rows = await db.QueryToListAsync<OutboxRow>(Due("id, kind, payload_sealed, due_at, attempts, created_at", MostTogether), new { now }, cancellation);
        if (rows.Count == 0)
        {
            return rows;
        }

        // A cluster with many writers knows no lock that others wait for: there the later commit fails.
        if (await db.ExecuteAmongAsync("DELETE FROM outbox WHERE id IN (@among)", [.. rows.Select(r => r.Id)], cancellation) != rows.Count)
        {
            throw new InvalidOperationException("Another worker was faster.");
        }

        foreach (var some in rows.GroupBy(r => r.Kind))
        {
            await handlers[some.Key].HandleAsync(db, [.. some], now, cancellation);
        }

        return rows;
    }

    /// <summary>Due rows that nobody holds, locked where the database has several writers.</summary>
    private string Due(string columns, int most) =>
        $"SELECT {columns} FROM outbox WHERE due_at <= @now AND parked_at IS NULL AND (claimed_until IS NULL OR claimed_until <= @now) "
        + $"ORDER BY due_at, id LIMIT {most}" + (database.IsSqlite ? "" : " FOR UPDATE SKIP LOCKED");

    private async Task<int> OneByOneAsync(CancellationToken cancellation)
    {
        var rows = await ClaimAsync(cancellation);
        foreach (var row in rows)
        {
            await HandleAsync(row, cancellation);
        }

        return rows.Count;
    }

    private Task<List<OutboxRow>> ClaimAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var now = clock.Milliseconds();
            var until = now + (long)Lease.TotalMilliseconds;
            var ids = await db.QueryToListAsync<string>(Due("id", MostClaimed), new { now }, cancellation);
            if (ids.Count == 0)
            {
                return [];
            }

            await db.GetTable<OutboxRow>().Where(o => ids.Contains(o.Id))
                .Set(o => o.ClaimedBy, worker).Set(o => o.ClaimedUntil, until).UpdateAsync(cancellation);
            return await db.GetTable<OutboxRow>().Where(o => ids.Contains(o.Id))
                .OrderBy(o => o.DueAt).ThenBy(o => o.Id).ToListAsync(cancellation);
        },
        cancellation);

    private async Task HandleAsync(OutboxRow row, CancellationToken cancellation)
    {
        try
        {
            await database.TransactAsync(
                async db =>
                {
                    // The delete comes first and guards: if the lease ran out and another worker was faster, nothing is left.
                    var mine = await db.GetTable<OutboxRow>()
                        .Where(o => o.Id == row.Id && o.ClaimedBy == worker).DeleteAsync(cancellation);
                    if (mine == 1)
                    {
                        await handlers[row.Kind].HandleAsync(db, [row], clock.Milliseconds(), cancellation);
                    }
                },
                cancellation);
            Signals.OutboxHandled(row.Kind, isWell: true);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseErrors.IsOutage(error))
        {
            Signals.OutboxHandled(row.Kind, isWell: false);
            logger.LogError("Outbox row {Id} failed with {Kind} at attempt {Attempt}", row.Id, error.GetType().Name, row.Attempts + 1);
            await PutOffAsync(row, cancellation);
        }
    }

    private Task PutOffAsync(OutboxRow row, CancellationToken cancellation) => database.TransactAsync(
        db =>
        {
            var now = clock.Milliseconds();
            var attempts = row.Attempts + 1;
            var wait = (long)TimeSpan.FromSeconds(5 * Math.Pow(2, attempts)).TotalMilliseconds;
            return db.GetTable<OutboxRow>()
                .Where(o => o.Id == row.Id && o.ClaimedBy == worker)
                .Set(o => o.Attempts, attempts)
                .Set(o => o.DueAt, now + wait)
                .Set(o => o.ClaimedUntil, (long?)null)
                .Set(o => o.ParkedAt, attempts >= MostAttempts ? now : (long?)null)
                .UpdateAsync(cancellation);
        },
        cancellation);
}

/// <summary>Runs the worker until the program stops; a lost database only makes it wait.</summary>
internal sealed class OutboxLoop(OutboxWorker worker, OutboxSignal signal, ILogger<OutboxLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await worker.RunOnceAsync(stoppingToken) > 0)
                {
                }

                await signal.WaitAsync(Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogWarning("The outbox waits: {Kind}", error.GetType().Name);
                await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
