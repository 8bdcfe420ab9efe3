namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>How long sessions live: workers 30 days idle; staff 30 minutes idle and 12 hours at the most.</summary>
internal static class SessionRules
{
    /// <summary>How long a cached copy may stand in for the row.</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StaffAtMost = TimeSpan.FromHours(12);

    /// <summary>How long a session lives without being used.</summary>
    public static TimeSpan Idle(SessionKind kind) =>
        kind == SessionKind.Worker ? TimeSpan.FromDays(30) : TimeSpan.FromMinutes(30);

    public static long ExpiresAt(SessionKind kind, long createdAt, long lastSeenAt)
    {
        var idle = lastSeenAt + (long)Idle(kind).TotalMilliseconds;
        return kind == SessionKind.Worker ? idle : Math.Min(idle, createdAt + (long)StaffAtMost.TotalMilliseconds);
    }

    /// <summary>
    /// Being seen is written down this coarsely, or every read would cost a write. A session may therefore end this
    /// much early, never late.
    /// </summary>
    public static TimeSpan SeenGrain(SessionKind kind) =>
        kind == SessionKind.Worker ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);
}
