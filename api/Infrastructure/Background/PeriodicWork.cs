using System.Diagnostics;
using System.Runtime.ExceptionServices;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Infrastructure.Background;

/// <summary>Work that comes round again. A run that is cut off is begun anew, so it must be safe to repeat.</summary>
internal interface IPeriodicTask
{
    Task RunAsync(CancellationToken cancellation);
}

internal static class Due
{
    /// <summary>
    /// Does the work for each thing that is due. One that fails does not hold up those behind it; the first error is
    /// thrown at the end, so that the run counts as failed. An outage and the program's stop end the run at once.
    /// </summary>
    public static async Task ForEachAsync<T>(IEnumerable<T> due, Func<T, Task> work)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var one in due)
        {
            try
            {
                await work(one);
            }
            catch (Exception error) when (error is not OperationCanceledException && !DatabaseErrors.IsOutage(error))
            {
                first ??= ExceptionDispatchInfo.Capture(error);
            }
        }

        first?.Throw();
    }
}

/// <summary>One line of the program's schedule.</summary>
/// <param name="Name">The key of its row in <c>periodic_runs</c>.</param>
/// <param name="Every">From the end of one run to the beginning of the next.</param>
internal sealed record PeriodicEntry(string Name, TimeSpan Every, Type Task);

internal static class PeriodicRegistration
{
    public static IServiceCollection AddPeriodic<T>(this IServiceCollection services, string name, TimeSpan every)
        where T : class, IPeriodicTask =>
        services.AddSingleton<T>().AddSingleton(new PeriodicEntry(name, every, typeof(T)));
}

/// <summary>Runs what is due. Each task is claimed with a lease, so that of many nodes one does it.</summary>
internal sealed class PeriodicWorker(
    Database.Database database, IEnumerable<PeriodicEntry> schedule, IServiceProvider services, TimeProvider clock, ILogger<PeriodicWorker> logger)
{
    /// <summary>Longer than any run; after a crash another node takes over when it ends.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>After a failure a task is tried again this soon, or at its usual interval if that is shorter.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>Runs every task that is due and says how many ran. Tests step the loop by this.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        var count = 0;
        var later = await NotDueAsync(cancellation);
        foreach (var entry in schedule)
        {
            if (!later.Contains(entry.Name) && await ClaimAsync(entry, cancellation))
            {
                await RunAsync(entry, cancellation);
                count++;
            }
        }

        return count;
    }

    /// <summary>Looked at without the writer's turn; who claims looks again.</summary>
    private async Task<HashSet<string>> NotDueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return [.. await db.QueryToListAsync<string>("SELECT name FROM periodic_runs WHERE due_at > @now OR claimed_until > @now", new { now }, cancellation)];
    }

    private async Task<bool> ClaimAsync(PeriodicEntry entry, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var until = now + (long)Lease.TotalMilliseconds;
        try
        {
            return await database.TransactAsync(
                async db =>
                {
                    var claimed = await db.ExecuteAsync(
                        "UPDATE periodic_runs SET claimed_until = @until WHERE name = @Name AND due_at <= @now AND claimed_until <= @now",
                        new { entry.Name, now, until });
                    if (claimed == 1)
                    {
                        return true;
                    }

                    var known = await db.QueryToListAsync<string>("SELECT name FROM periodic_runs WHERE name = @Name", new { entry.Name }, cancellation);
                    if (known.Count == 0)
                    {
                        await db.ExecuteAsync(
                            "INSERT INTO periodic_runs (name, due_at, claimed_until) VALUES (@Name, @now, @until)", new { entry.Name, now, until });
                        return true;
                    }

                    return false;
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Another node wrote the first row a moment earlier and runs the task.
            return false;
        }
    }

    private async Task RunAsync(PeriodicEntry entry, CancellationToken cancellation)
    {
        var wait = entry.Every;
        var start = Stopwatch.GetTimestamp();
        try
        {
            await ((IPeriodicTask)services.GetRequiredService(entry.Task)).RunAsync(cancellation);
            Signals.PeriodicRan(entry.Name, isWell: true, start);
        }
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseErrors.IsOutage(error))
        {
            Signals.PeriodicRan(entry.Name, isWell: false, start);
            logger.LogError("Periodic task {Name} failed with {Kind} at {Stack}", entry.Name, error.GetType().Name, error.StackTrace);
            wait = entry.Every < AfterFailure ? entry.Every : AfterFailure;
        }

        var due = clock.Milliseconds() + (long)wait.TotalMilliseconds;
        await database.TransactAsync(
            db => db.ExecuteAsync("UPDATE periodic_runs SET due_at = @due, claimed_until = 0 WHERE name = @Name", new { entry.Name, due }),
            cancellation);
    }
}

/// <summary>Looks for due work until the program stops; a lost database only makes it wait.</summary>
internal sealed class PeriodicLoop(PeriodicWorker worker, ILogger<PeriodicLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFirst = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await worker.RunDueAsync(stoppingToken);
                if (isFirst)
                {
                    GiveBack();
                    isFirst = false;
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Periodic work waits: {Kind}", error.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starting takes much memory for things that are never needed again; a small machine gets it back.</summary>
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
