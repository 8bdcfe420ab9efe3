using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Attending;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// 退回候补: the newest of a group go back to the head of its waiting line because there are fewer places than people.
/// Offers that nobody accepted yet go first, the latest in line before the earlier; then the enrolled, the highest
/// sign-up number first. In the line they stand before everybody else and in the same order as before: a withdrawn
/// offer keeps its mark, an enrolled person gets one below all that the group ever gave. Who was checked in stands in the
/// hall and keeps her place.
/// </summary>
internal sealed class Displacement(IMessenger messenger, FieldCipher cipher)
{
    /// <summary>Moves people until the group's taken places fit its capacity. During a turn only.</summary>
    /// <returns>How many people moved.</returns>
    /// <exception cref="Refusal">capacity_below_taken: more than fit were checked in.</exception>
    public async Task<int> MoveAsync(
        Db db, Turn turn, GroupPlaces group, string reason, Caller caller, long now, CancellationToken cancellation)
    {
        var (holders, tooMany) = (await HoldersAsync(db, group, cancellation), group.Taken - group.Capacity);
        if (holders.Sum(h => h.Party) < tooMany)
        {
            throw Below(turn, group, $"已签到的人保留名额,此名额组最少可以减到 {group.Taken - holders.Sum(h => h.Party)} 个。");
        }

        var moving = WhoMoves(holders, tooMany);
        var mark = await db.Enrolments.Where(e => e.GroupId == group.Row.Id).MinAsync(e => e.Line, cancellation) ?? 1;
        foreach (var enrolment in moving)
        {
            turn.Release(enrolment);
            group.Return();
            await MoveAsync(db, enrolment, reason, caller, now, cancellation);
            if (await CheckIns.IsInAsync(db, enrolment.Id, cancellation))
            {
                throw Below(turn, group, "刚刚有人签到,已签到的人保留名额,请刷新后再调整。");
            }

            if (enrolment.State == EnrolmentState.Enrolled)
            {
                mark--;
                await db.Enrolments.Where(e => e.Id == enrolment.Id).Set(e => e.Line, mark).UpdateAsync(cancellation);
            }

            await messenger.AddAsync(db, Notices.ReturnedToLine(turn.Activity, enrolment, reason), now);
        }

        return moving.Count;
    }

    /// <summary>Of the holders, in the order in which they would give their places back, as many as it takes.</summary>
    /// <param name="tooMany">So many places must become free.</param>
    internal static List<EnrolmentRow> WhoMoves(IEnumerable<EnrolmentRow> holders, int tooMany)
    {
        var moving = new List<EnrolmentRow>();
        foreach (var holder in holders
            .OrderByDescending(e => e.State == EnrolmentState.Offered)
            .ThenByDescending(e => e.State == EnrolmentState.Offered ? e.Line : e.Number))
        {
            if (tooMany <= 0)
            {
                break;
            }

            moving.Add(holder);
            tooMany -= holder.Party;
        }

        return moving;
    }

    /// <summary>Who may have to give a place back.</summary>
    private static Task<List<EnrolmentRow>> HoldersAsync(Db db, GroupPlaces group, CancellationToken cancellation)
    {
        var checkIns = db.CheckIns;
        return db.Enrolments
            .Where(e => e.GroupId == group.Row.Id && (e.State == EnrolmentState.Enrolled || e.State == EnrolmentState.Offered))
            .Where(e => !checkIns.Any(c => c.EnrolmentId == e.Id))
            .ToListAsync(cancellation);
    }

    private static Refusal Below(Turn turn, GroupPlaces group, string why) =>
        new(ActivitiesProblems.CapacityBelowTaken, why) { Present = new { turn.Activity.Version, group.Row.Capacity, group.Row.Taken } };

    private Task MoveAsync(Db db, EnrolmentRow enrolment, string reason, Caller caller, long now, CancellationToken cancellation)
    {
        var stepId = Ids.New();
        return EnrolmentChanges.MoveAsync(
            db, enrolment, EnrolmentState.Waiting, EnrolmentStepKind.ReturnToLine, caller.PersonId, now, cancellation,
            stepId: stepId, reasonSealed: cipher.Seal(EnrolmentStepRow.ReasonPlace, stepId, reason));
    }
}
