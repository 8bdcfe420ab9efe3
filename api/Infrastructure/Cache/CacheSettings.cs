namespace WeChatUnion.Api.Infrastructure.Cache;

/// <summary>Section <c>Redis</c>: empty means caches and counters in this process (one node only).</summary>
internal sealed record CacheSettings
{
    /// <summary>StackExchange.Redis connection string, e.g. <c>10.0.0.5:6379,password=…</c>.</summary>
    public string Connection { get; init; } = "";

    public IEnumerable<string> Faults(bool production) => [];
}
