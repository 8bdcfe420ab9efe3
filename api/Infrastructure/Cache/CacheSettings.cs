using StackExchange.Redis;

namespace WeChatUnion.Api.Infrastructure.Cache;

/// <summary>Section <c>Redis</c>: empty means caches and counters in this process (one node only).</summary>
internal sealed record CacheSettings
{
    /// <summary>StackExchange.Redis connection string, e.g. <c>10.0.0.5:6379,password=…</c>.</summary>
    public string Connection { get; init; } = "";

    public IEnumerable<string> Faults(bool production)
    {
        if (Connection.Length > 0 && !IsConnection(Connection))
        {
            yield return "Redis:Connection 格式不对:请按 StackExchange.Redis 的连接串填写(主机:端口,password=…)。";
        }
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
