using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// A worker gives her place back; in the same transaction it is offered to the first in line. After the deadline the
/// consequence is told first and must be accepted.
/// </summary>
internal static class CancelEnrolment
{
    private const string Accepted = "accepted";

    /// <summary>取消报名 (cancel my sign-up). Repeating it changes nothing.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="consequence"><c>accepted</c>: she knows that points follow.</param>
    /// <param name="named">The sign-up that is meant; a late repeat then leaves the next one alone.</param>
    /// <response code="409">late_cancellation tells the points; activity_has_started.</response>
    internal static async Task<NoContent> Handle(
        string id, string? consequence, [FromQuery(Name = "enrolment")] string? named, Caller caller, Database database, WaitingLine line, ConductRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var turn = await Turn.TakeAsync(db, id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                var now = clock.Milliseconds();
                var enrolment = await db.Enrolments.FirstOrDefaultAsync(
                    e => e.ActivityId == id && e.LivePersonId == caller.PersonId, cancellation);
                if (enrolment is null)
                {
                    await RefuseStrangerAsync(db, id, caller, cancellation);
                    return;
                }

                if (named is not null && named != enrolment.Id)
                {
                    return;
                }

                if (await CheckIns.IsInAsync(db, enrolment.Id, cancellation))
                {
                    throw new Refusal(AttendingProblems.CheckedInAlready);
                }

                var isLate = await RefuseOrFindLateAsync(db, turn.Activity, enrolment, consequence, rules, now, cancellation);
                await GiveBackAsync(db, turn, enrolment, isLate, caller, now, cancellation);
                if (isLate)
                {
                    await ConductPoints.AddAsync(
                        db, rules, caller.PersonId, ConductKind.LateCancellation, "enrolment", enrolment.Id, now, cancellation);
                }

                await line.PromoteAsync(db, turn, now, cancellation);
                await turn.SaveAsync(db);
                await Audit.WriteAsync(db, caller, "cancel_enrolment", "enrolment", enrolment.Id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Who had a sign-up before has cancelled already; who never had one is told so.</summary>
    private static async Task RefuseStrangerAsync(Db db, string id, Caller caller, CancellationToken cancellation)
    {
        if (!await db.Enrolments.AnyAsync(e => e.ActivityId == id && e.PersonId == caller.PersonId, cancellation))
        {
            throw new Refusal(ActivitiesProblems.NotEnrolled);
        }
    }

    private static async Task<bool> RefuseOrFindLateAsync(
        Db db, ActivityRow activity, EnrolmentRow enrolment, string? consequence, ConductRules rules, long now, CancellationToken cancellation)
    {
        if (now >= activity.StartsAt)
        {
            throw new Refusal(ActivitiesProblems.HasStarted);
        }

        // Only a place that was surely hers is missed by others.
        var isLate = enrolment.State == EnrolmentState.Enrolled && now >= activity.CancelUntil
            && (await Bound.AmongAsync(db, activity, [enrolment], cancellation)).Count > 0;
        if (isLate && consequence != Accepted)
        {
            throw new Refusal(
                ActivitiesProblems.LateCancellation,
                $"已过取消截止时间,现在取消会记 {rules.LateCancellationPoints} 分守约分,{rules.LifeDays} 天内有效;累计 {rules.DelayFrom} 分起报名开放时间顺延 {rules.DelayHours} 小时,{rules.ClosedFrom} 分起暂停报名。确认后果后可以继续取消。");
        }

        return isLate;
    }

    private static async Task GiveBackAsync(
        Db db, Turn turn, EnrolmentRow enrolment, bool isLate, Caller caller, long now, CancellationToken cancellation)
    {
        turn.Release(enrolment);
        await EnrolmentChanges.MoveAsync(
            db,
            enrolment,
            EnrolmentState.Cancelled,
            isLate ? EnrolmentStepKind.LateCancellation : EnrolmentStepKind.Cancellation,
            caller.PersonId,
            now,
            cancellation);
        if (await CheckIns.IsInAsync(db, enrolment.Id, cancellation))
        {
            throw new Refusal(AttendingProblems.CheckedInAlready);
        }
    }
}
