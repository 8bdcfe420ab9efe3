using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>What submission, approval, return and cancellation have in common: one guarded move, a step, an audit row.</summary>
internal static class ActivityDecisions
{
    public static async Task MoveAsync(
        Db db, ActivityRow activity, int version, ActivityState state, ActivityStepKind step, string stepId, string? reason, Caller caller, long now, CancellationToken cancellation)
    {
        var publishedAt = state == ActivityState.Published ? now : activity.PublishedAt;
        var moved = await db.Activities
            .Where(a => a.Id == activity.Id && a.Version == version && a.State == activity.State)
            .Set(a => a.State, state)
            .Set(a => a.Version, version + 1)
            .Set(a => a.PublishedAt, publishedAt)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { activity.State, activity.Version } };
        }

        await db.InsertAsync(
            new ActivityStepRow { Id = stepId, ActivityId = activity.Id, Kind = step, PersonId = caller.PersonId, Reason = reason, At = now },
            token: cancellation);
        await Audit.WriteAsync(db, caller, $"activity_{step.ToString().ToLowerInvariant()}", "activity", activity.Id, now);
    }

    /// <summary>Maker is not checker: nobody decides on what she made or handed in.</summary>
    public static async Task RefuseOwnAsync(Db db, ActivityRow activity, Caller caller, CancellationToken cancellation)
    {
        var handedIn = await db.ActivitySteps.AnyAsync(
            s => s.ActivityId == activity.Id && s.Kind == ActivityStepKind.Submission && s.PersonId == caller.PersonId, cancellation);
        if (activity.MadeBy == caller.PersonId || handedIn)
        {
            throw new Refusal(ActivitiesProblems.OwnActivity);
        }
    }
}
