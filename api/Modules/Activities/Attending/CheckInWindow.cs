using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>
/// When people check in for a session (签到时间): from an hour before it begins until it ends. The first instant
/// belongs to it, the last does not.
/// </summary>
internal static class CheckInWindow
{
    /// <summary>How long before a session begins.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(60);

    /// <summary>How long after an activity a device may bring in what it saw without a network.</summary>
    public static readonly TimeSpan LatestUpload = TimeSpan.FromDays(7);

    public static long OpensAt(SessionRow session) => session.StartsAt - (long)Before.TotalMilliseconds;

    public static bool IsOpen(SessionRow session, long at) => at >= OpensAt(session) && at < session.EndsAt;

    /// <summary>
    /// The session that somebody comes for at this instant. When one ends while the doors of the next are open, it is
    /// the one whose beginning is nearer.
    /// </summary>
    /// <exception cref="Refusal">No window is open.</exception>
    public static SessionRow Pick(IReadOnlyCollection<SessionRow> sessions, long at)
    {
        if (sessions.Where(s => IsOpen(s, at)).MinBy(s => Math.Abs(s.StartsAt - at)) is { } open)
        {
            return open;
        }

        throw sessions.Where(s => OpensAt(s) > at).MinBy(s => s.StartsAt) is { } next
            ? new Refusal(AttendingProblems.NotOpenYet) { Present = new { OpensAt = Instants.At(OpensAt(next)) } }
            : new Refusal(AttendingProblems.Closed);
    }
}
