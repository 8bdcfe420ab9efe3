using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>The sessions of an activity that people may come in to.</summary>
internal static class Door
{
    /// <summary>The session of an activity whose check-in is open at the instant.</summary>
    /// <param name="sessionId">Null for whichever it is.</param>
    /// <exception cref="Refusal">The activity is off, there is no such session, or its window is not open.</exception>
    public static async Task<SessionRow> PickAsync(Db db, ActivityRow activity, string? sessionId, long at, CancellationToken cancellation)
    {
        switch (activity.State)
        {
            case ActivityState.Published:
                break;
            case ActivityState.Cancelled:
                throw new Refusal(ActivitiesProblems.ActivityCancelled);
            default:
                throw new Refusal(CommonProblems.NotFound);
        }

        var sessions = await db.ActivitySessions
            .Where(s => s.ActivityId == activity.Id && (sessionId == null || s.Id == sessionId)).ToListAsync(cancellation);
        return sessions.Count > 0 ? CheckInWindow.Pick(sessions, at) : throw new Refusal(CommonProblems.NotFound);
    }
}
