using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// Writes what a draw or a finished choice decided: places for some, the waiting line or a no for the others, a word to
/// each. Thousands may take part, so rows are changed hundreds at a time.
/// </summary>
internal sealed class AllocatingPlaces(IMessenger messenger, WaitingLine line)
{
    private const int AtOnce = 500;

    /// <summary>Places are given between closing (and the writing of what came before it) and the beginning, once.</summary>
    public static async Task RefuseUnlessDueAsync(Db db, ActivityRow activity, long now, CancellationToken cancellation)
    {
        switch (Phases.Of(activity, now))
        {
            case Phase.Closed:
                break;
            case Phase.Cancelled:
                throw new Refusal(ActivitiesProblems.ActivityCancelled);
            case Phase.Running or Phase.Finished:
                throw new Refusal(ActivitiesProblems.AllocationTooLate);
            default:
                throw new Refusal(ActivitiesProblems.AllocationNotDue);
        }

        // Another node's clock may be ahead of this one's.
        if (activity.BegunAt is not null)
        {
            throw new Refusal(ActivitiesProblems.AllocationTooLate);
        }

        if (!FreezeDrawLists.IsComplete(activity, now))
        {
            throw new Refusal(ActivitiesProblems.AllocationNotDue);
        }

        if (await db.Allocations.AnyAsync(a => a.ActivityId == activity.Id, cancellation))
        {
            throw new Refusal(ActivitiesProblems.Allocated);
        }
    }

    /// <summary>Who awaits a decision, in order of their numbers.</summary>
    public static Task<List<EnrolmentRow>> AppliedAsync(Db db, Turn turn, CancellationToken cancellation) =>
        db.Enrolments.Where(e => e.ActivityId == turn.Activity.Id && e.State == EnrolmentState.Applied).OrderBy(e => e.Number).ToListAsync(cancellation);

    /// <param name="others">In the order of the waiting line.</param>
    public async Task WriteAsync(
        Db db, Turn turn, AllocationRow row, IReadOnlyList<EnrolmentRow> winners, IReadOnlyList<EnrolmentRow> others, string stepId, Caller caller, CancellationToken cancellation)
    {
        await db.InsertAsync(row, token: cancellation);
        await db.InsertAsync(
            new ActivityStepRow { Id = stepId, ActivityId = row.ActivityId, Kind = ActivityStepKind.Allocation, PersonId = caller.PersonId, At = row.At },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "allocate_places", "activity", row.ActivityId, row.At);
        await AdmitAsync(db, turn, winners, row.At);
        if (turn.Activity.HasWaitingList)
        {
            await LineUpAsync(db, turn, others, row.At);
        }
        else
        {
            await TurnDownAsync(db, others, o => Notices.NotAdmitted(turn.Activity, o), row.At);
        }

        await line.PromoteAsync(db, turn, row.At, cancellation);
        await turn.SaveAsync(db);
    }

    /// <summary>No place for them, and a word to each why.</summary>
    public async Task TurnDownAsync(Db db, IReadOnlyList<EnrolmentRow> others, Func<EnrolmentRow, Notice> notice, long now)
    {
        await MoveAsync(db, others, now, _ => "state = 'not_admitted', live_person_id = NULL");
        await WriteStepsAsync(db, others, EnrolmentStepKind.Rejection, now);
        await messenger.AddAsync(db, [.. others.Select(notice)], now);
    }

    private async Task AdmitAsync(Db db, Turn turn, IReadOnlyList<EnrolmentRow> winners, long now)
    {
        if (!winners.All(w => turn.Group(w.GroupId).TryTake(w.Party)))
        {
            throw new InvalidOperationException("More won than there are places.");
        }

        await MoveAsync(db, winners, now, _ => "state = 'enrolled'");
        await WriteStepsAsync(db, winners, EnrolmentStepKind.Admission, now);
        await messenger.AddAsync(db, [.. winners.Select(w => Notices.Admitted(turn.Activity, w, now))], now);
    }

    private async Task LineUpAsync(Db db, Turn turn, IReadOnlyList<EnrolmentRow> others, long now)
    {
        var marks = others.ToDictionary(o => o.Id, o => (Mark: turn.Group(o.GroupId).Join(), Position: turn.Group(o.GroupId).Waiting));
        await MoveAsync(
            db, others, now, some => $"state = 'waiting', line = CASE number {string.Concat(some.Select(o => $"WHEN {Plain(o.Number)} THEN {Plain(marks[o.Id].Mark)} "))}END");
        await messenger.AddAsync(db, [.. others.Select(o => Notices.InLine(turn.Activity, o, marks[o.Id].Position))], now);
    }

    /// <param name="change">SQL for some sign-ups; only numbers of ours stand in it.</param>
    private static async Task MoveAsync(Db db, IReadOnlyList<EnrolmentRow> all, long now, Func<EnrolmentRow[], string> change)
    {
        foreach (var some in all.Chunk(AtOnce))
        {
            var moved = await db.ExecuteAsync(
                $"UPDATE enrolments SET {change(some)}, version = version + 1, updated_at = @now "
                + $"WHERE activity_id = @ActivityId AND state = 'applied' AND number IN ({string.Join(", ", some.Select(e => Plain(e.Number)))})",
                new { some[0].ActivityId, now });
            if (moved != some.Length)
            {
                throw new InvalidOperationException("A sign-up changed during somebody's turn.");
            }
        }
    }

    private static Task WriteStepsAsync(Db db, IReadOnlyList<EnrolmentRow> all, EnrolmentStepKind kind, long now) =>
        db.InsertManyAsync(all.Select(e => new EnrolmentStepRow { Id = Ids.New(), EnrolmentId = e.Id, Kind = kind, At = now }));

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
