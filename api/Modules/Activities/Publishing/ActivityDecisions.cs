using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>A move of an activity between two states.</summary>
/// <param name="WrongState">The refusal when it is not in <paramref name="From"/>.</param>
/// <param name="BySecondPerson">Maker is not checker: nobody decides on what she made or handed in.</param>
/// <param name="BeforeClosing">Pointless once sign-up would have closed.</param>
internal sealed record Decision(
    ActivityState From, ActivityState To, ActivityStepKind Step, Problem WrongState, bool BySecondPerson, bool BeforeClosing)
{
    public static readonly Decision Submission = new(
        ActivityState.Draft, ActivityState.AwaitingApproval, ActivityStepKind.Submission, ActivitiesProblems.NotDraft, BySecondPerson: false, BeforeClosing: true);

    public static readonly Decision Approval = new(
        ActivityState.AwaitingApproval, ActivityState.Published, ActivityStepKind.Approval, ActivitiesProblems.NotAwaitingApproval, BySecondPerson: true, BeforeClosing: true);

    public static readonly Decision Return = new(
        ActivityState.AwaitingApproval, ActivityState.Draft, ActivityStepKind.Return, ActivitiesProblems.NotAwaitingApproval, BySecondPerson: true, BeforeClosing: false);
}

/// <summary>Takes decisions on activities: one guarded move, a step, an audit row.</summary>
internal sealed class ActivityDecisions(Idempotency idempotency, DrawSecrets secrets, FieldCipher cipher)
{
    public Task TakeAsync<TRequest>(
        Decision decision, string id, int version, string? reason, TRequest request, IdempotencyKey key, Caller caller, Reach reach, CancellationToken cancellation) =>
        idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
                if (decision.BySecondPerson)
                {
                    await RefuseOwnAsync(db, activity, caller, cancellation);
                }

                if (activity.State != decision.From)
                {
                    throw new Refusal(decision.WrongState) { Present = new { activity.State, activity.Version } };
                }

                if (decision.BeforeClosing && activity.ClosesAt <= now)
                {
                    throw new Refusal(ActivitiesProblems.TimesOutOfOrder);
                }

                await MoveAsync(db, activity, version, decision.To, decision.Step, stepId, reason is null ? null : cipher.Seal(ActivityStepRow.ReasonPlace, stepId, reason), caller, now, cancellation);
                if (decision == Decision.Approval && activity.Allocation == Allocation.Draw)
                {
                    await secrets.CommitAsync(db, activity.Id, caller, now, cancellation);
                }
            },
            cancellation);

    public static async Task MoveAsync(
        Db db, ActivityRow activity, int version, ActivityState state, ActivityStepKind step, string stepId, string? reasonSealed, Caller caller, long now, CancellationToken cancellation)
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
            new ActivityStepRow { Id = stepId, ActivityId = activity.Id, Kind = step, PersonId = caller.PersonId, ReasonSealed = reasonSealed, At = now },
            token: cancellation);
        await Audit.WriteAsync(db, caller, $"activity_{step.ToString().ToLowerInvariant()}", "activity", activity.Id, now);
    }

    private static async Task RefuseOwnAsync(Db db, ActivityRow activity, Caller caller, CancellationToken cancellation)
    {
        var handedIn = await db.ActivitySteps.AnyAsync(
            s => s.ActivityId == activity.Id && s.Kind == ActivityStepKind.Submission && s.PersonId == caller.PersonId, cancellation);
        if (activity.MadeBy == caller.PersonId || handedIn)
        {
            throw new Refusal(ActivitiesProblems.OwnActivity);
        }
    }
}
