using StackExchange.Redis;
using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Infrastructure.Cache;

/// <summary>
/// Redis behind <see cref="ICache"/> and <see cref="ICounters"/>. When Redis is away a read misses, a write is lost
/// and counters fall back to this node: nobody gets an error for that alone.
/// </summary>
internal sealed class RedisCache : ICache, ICounters, IDisposable
{
    private const string Prefix = "wu:";

    /// <summary>Both in one step: a counter that lost its expiry would lock a person out for good.</summary>
    private const string CountScript =
        "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n";

    private const string SetUnlessScript =
        "if redis.call('GET', KEYS[1]) ~= ARGV[3] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end return 1";

    private readonly ConnectionMultiplexer redis;
    private readonly LocalCache fallback;

    public RedisCache(CacheSettings settings, TimeProvider clock)
    {
        var options = ConfigurationOptions.Parse(settings.Connection);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = 500;
        options.SyncTimeout = 500;
        options.ConnectTimeout = 2000;
        redis = ConnectionMultiplexer.Connect(options);
        fallback = new LocalCache(clock);
        Signals.Meter.CreateObservableGauge("wechat_union.redis.connected", () => IsConnected ? 1 : 0, null, "1 while Redis is connected.");
    }

    public bool IsConnected => redis.IsConnected;

    public async ValueTask<string?> GetAsync(string key)
    {
        try
        {
            return await redis.GetDatabase().StringGetAsync(Prefix + key);
        }
        catch (Exception error) when (IsAway(error))
        {
            return null;
        }
    }

    public async ValueTask AddAsync(string key, string value, TimeSpan life)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(Prefix + key, value, life, When.NotExists);
        }
        catch (Exception error) when (IsAway(error))
        {
        }
    }

    public async ValueTask SetAsync(string key, string value, TimeSpan life)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(Prefix + key, value, life);
        }
        catch (Exception error) when (IsAway(error))
        {
        }
    }

    public async ValueTask SetUnlessAsync(string key, string value, TimeSpan life, string final)
    {
        try
        {
            await redis.GetDatabase().ScriptEvaluateAsync(
                SetUnlessScript, [Prefix + key], [value, (long)life.TotalMilliseconds, final]);
        }
        catch (Exception error) when (IsAway(error))
        {
        }
    }

    public async ValueTask<long> CountAsync(string key, TimeSpan window)
    {
        try
        {
            return (long)await redis.GetDatabase().ScriptEvaluateAsync(
                CountScript, [Prefix + key], [(long)window.TotalMilliseconds]);
        }
        catch (Exception error) when (IsAway(error))
        {
            return await fallback.CountAsync(key, window);
        }
    }

    public void Dispose() => redis.Dispose();

    private static bool IsAway(Exception error)
    {
        if (error is not (RedisException or TimeoutException or ObjectDisposedException))
        {
            return false;
        }

        Signals.RedisWasAway();
        return true;
    }
}
