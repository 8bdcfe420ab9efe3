using System.Collections.Concurrent;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Cache;

/// <summary>The in-process twin of Redis: bounded, by the injected clock.</summary>
internal sealed class LocalCache(TimeProvider clock) : ICache, ICounters
{
    /// <summary>About 40 MB at the most; past it the whole cache is dropped, which costs one database read each.</summary>
    private const int MostEntries = 100_000;

    private const long SweepEveryMilliseconds = 60_000;

    private readonly ConcurrentDictionary<string, (string Value, long Until)> entries = new();
    private readonly ConcurrentDictionary<string, Window> windows = new();
    private long sweepDueAt;

    public ValueTask<string?> GetAsync(string key) =>
        ValueTask.FromResult(entries.TryGetValue(key, out var entry) && entry.Until > clock.Milliseconds() ? entry.Value : null);

    public ValueTask AddAsync(string key, string value, TimeSpan life)
    {
        MakeRoom();
        var now = clock.Milliseconds();
        var mine = (value, now + (long)life.TotalMilliseconds);
        entries.AddOrUpdate(key, mine, (_, theirs) => theirs.Until > now ? theirs : mine);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetAsync(string key, string value, TimeSpan life)
    {
        MakeRoom();
        entries[key] = (value, clock.Milliseconds() + (long)life.TotalMilliseconds);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetUnlessAsync(string key, string value, TimeSpan life, string final)
    {
        MakeRoom();
        var now = clock.Milliseconds();
        var mine = (value, now + (long)life.TotalMilliseconds);
        entries.AddOrUpdate(key, mine, (_, theirs) => theirs.Value == final && theirs.Until > now ? theirs : mine);
        return ValueTask.CompletedTask;
    }

    public ValueTask<long> CountAsync(string key, TimeSpan window)
    {
        var now = clock.Milliseconds();
        SweepSometimes(now);
        var current = windows.AddOrUpdate(
            key,
            static (_, life) => new Window(life.Until),
            static (_, window, life) => window.Until > life.Now ? window : new Window(life.Until),
            (Now: now, Until: now + (long)window.TotalMilliseconds));
        return ValueTask.FromResult(current.Increment());
    }

    /// <summary>By the clock, not by size: counting a concurrent dictionary takes all its locks at each request.</summary>
    private void SweepSometimes(long now)
    {
        var due = Interlocked.Read(ref sweepDueAt);
        if (now < due || Interlocked.CompareExchange(ref sweepDueAt, now + SweepEveryMilliseconds, due) != due)
        {
            return;
        }

        foreach (var window in windows)
        {
            if (window.Value.Until <= now)
            {
                windows.TryRemove(window);
            }
        }
    }

    private void MakeRoom()
    {
        if (entries.Count >= MostEntries)
        {
            entries.Clear();
        }
    }

    private sealed class Window(long until)
    {
        private long count;

        public long Until { get; } = until;

        public long Increment() => Interlocked.Increment(ref count);
    }
}
