using System.Globalization;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Instants are stored as unix milliseconds (UTC) and shown with offset +08:00; civil dates are stored and shown as
/// <c>yyyy-MM-dd</c>. "Today" is Asia/Shanghai's, which has had no summer time since 1991, hence the fixed offset.
/// </summary>
internal static class Instants
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static long Milliseconds(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateOnly Today(this TimeProvider clock) => DateOf(clock.Milliseconds());

    public static DateTimeOffset At(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToOffset(China);

    public static DateTimeOffset? At(long? milliseconds) => milliseconds is { } known ? At(known) : null;

    /// <summary>As a sentence says it: 11月24日 09:00.</summary>
    public static string InWords(long milliseconds) => At(milliseconds).ToString("M月d日 HH:mm", CultureInfo.InvariantCulture);

    public static DateOnly DateOf(long milliseconds) => DateOnly.FromDateTime(At(milliseconds).DateTime);

    /// <summary>The first millisecond of a civil day in China; reckoned without an instant, since that of 0001-01-01 lies before all that can be told.</summary>
    public static long StartOf(DateOnly date) =>
        (long)(date.ToDateTime(TimeOnly.MinValue) - DateTime.UnixEpoch - China).TotalMilliseconds;

    /// <summary>The civil date as stored.</summary>
    public static string Stored(this DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly Date(string stored) => DateOnly.ParseExact(stored, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? DateOrNone(string? stored) => stored is null ? null : Date(stored);
}
