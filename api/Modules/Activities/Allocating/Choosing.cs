using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>What the decisions of an organiser's choice (组织者审定) have in common.</summary>
internal sealed class Choosing(FieldCipher cipher, IMessenger messenger)
{
    /// <summary>The turn of an activity in reach whose places are being chosen.</summary>
    public static async Task<Turn> FindChoiceAsync(Db db, string activityId, Reach reach, long now, CancellationToken cancellation)
    {
        var turn = await ActivityDrafts.TakeTurnAsync(db, activityId, reach, cancellation);
        if (turn.Activity.Allocation != Allocation.Choice)
        {
            throw new Refusal(ActivitiesProblems.NotAChoice);
        }

        await AllocatingPlaces.RefuseUnlessDueAsync(db, turn.Activity, now, cancellation);
        return turn;
    }

    /// <summary>One decision with its reason, which is sealed; the person is told the result.</summary>
    public async Task DecideAsync(
        Db db, string activityId, string enrolmentId, bool isAdmitted, string reason, string stepId, Caller caller, Reach reach, long now, CancellationToken cancellation)
    {
        var turn = await FindChoiceAsync(db, activityId, reach, now, cancellation);
        var enrolment = await db.Enrolments.FirstOrDefaultAsync(e => e.Id == enrolmentId && e.ActivityId == activityId, cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        if (enrolment.State != EnrolmentState.Applied)
        {
            throw new Refusal(ActivitiesProblems.EnrolmentDecided) { Present = new { enrolment.State } };
        }

        // Within the group, also after the groups merged: what another group still has to choose for is not unused.
        if (isAdmitted && !turn.Group(enrolment.GroupId).TryTake(enrolment.Party))
        {
            throw new Refusal(ActivitiesProblems.GroupFull);
        }

        await EnrolmentChanges.MoveAsync(
            db,
            enrolment,
            isAdmitted ? EnrolmentState.Enrolled : EnrolmentState.NotAdmitted,
            isAdmitted ? EnrolmentStepKind.Admission : EnrolmentStepKind.Rejection,
            caller.PersonId,
            now,
            cancellation,
            stepId: stepId,
            reasonSealed: cipher.Seal(EnrolmentStepRow.ReasonPlace, stepId, reason));
        await turn.SaveAsync(db);
        await Audit.WriteAsync(db, caller, isAdmitted ? "admit_enrolment" : "reject_enrolment", "enrolment", enrolmentId, now, enrolment.PersonId);
        await messenger.AddAsync(
            db, isAdmitted ? Notices.Admitted(turn.Activity, enrolment, now) : Notices.NotAdmitted(turn.Activity, enrolment), now);
    }
}
