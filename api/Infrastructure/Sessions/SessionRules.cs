namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>How long sessions live: workers 30 days idle; staff 30 minutes idle and 12 hours at the most.</summary>
internal static class SessionRules
{
    /// <summary>How long a cached copy may stand in for the row.</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(60);

    public static long ExpiresAt(SessionKind kind, long createdAt, long lastSeenAt) => kind switch
    {
        SessionKind.Worker => lastSeenAt + (long)TimeSpan.FromDays(30).TotalMilliseconds,
        _ => Math.Min(
            lastSeenAt + (long)TimeSpan.FromMinutes(30).TotalMilliseconds,
            createdAt + (long)TimeSpan.FromHours(12).TotalMilliseconds),
    };

    /// <summary>
    /// Being seen is written down this coarsely, or every read would cost a write. A session may therefore end this
    /// much early, never late.
    /// </summary>
    public static TimeSpan SeenGrain(SessionKind kind) =>
        kind == SessionKind.Worker ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);
}
