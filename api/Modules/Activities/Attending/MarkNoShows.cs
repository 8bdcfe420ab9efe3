using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>
/// After an activity everybody who had a place and was checked in for no session is marked as absent, once (缺席). It
/// waits a while, so that devices without a network can bring in what they saw. Points get those who were bound by their
/// place.
/// </summary>
internal sealed class MarkNoShows(Database database, ConductRules rules, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        activityId => database.TransactAsync(db => CloseAsync(db, activityId, cancellation), cancellation));

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Patience.TotalMilliseconds;
        await using var db = database.Open();
        var closings = db.AttendanceClosings;
        return await db.Activities
            .Where(a => a.State == ActivityState.Published && a.EndsAt <= before && !closings.Any(c => c.ActivityId == a.Id))
            .Select(a => a.Id).ToListAsync(cancellation);
    }

    private async Task CloseAsync(Db db, string activityId, CancellationToken cancellation)
    {
        // The turn puts several nodes in order: the second finds the closing of the first.
        var turn = await Turn.TakeAsync(db, activityId, cancellation);
        if (turn is null || await db.AttendanceClosings.AnyAsync(c => c.ActivityId == activityId, cancellation))
        {
            return;
        }

        var now = clock.Milliseconds();
        var absent = await AbsentAsync(db, activityId, cancellation);
        await db.InsertManyAsync(absent.Select(
            e => new EnrolmentStepRow { Id = Ids.New(), EnrolmentId = e.Id, Kind = EnrolmentStepKind.NoShow, At = now }));
        var bound = await Bound.AmongAsync(db, turn.Activity, absent, cancellation);
        await ConductPoints.AddNewAsync(
            db, rules, ConductKind.NoShow, EnrolmentPoints.SourceKind, absent.Where(e => bound.Contains(e.Id)).Select(e => (e.PersonId, e.Id)), now);
        await messenger.AddAsync(db, [.. absent.Where(e => bound.Contains(e.Id)).Select(e => Notices.NoShow(turn.Activity, e, rules.NoShowPoints))], now);
        await db.InsertAsync(new AttendanceClosingRow { ActivityId = activityId, NoShows = absent.Count, At = now }, token: cancellation);
    }

    /// <summary>
    /// Where nobody at all was scanned, check-in was not used: the hall had no staff for it, or took a list on paper.
    /// Then nothing is known of who came, and nobody gets points for that.
    /// </summary>
    private static async Task<List<EnrolmentRow>> AbsentAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var (sessions, checkIns) = (db.ActivitySessions, db.CheckIns);
        if (!await checkIns.AnyAsync(c => sessions.Any(s => s.Id == c.SessionId && s.ActivityId == activityId), cancellation))
        {
            return [];
        }

        return await db.Enrolments
            .Where(e => e.ActivityId == activityId && e.State == EnrolmentState.Enrolled && !checkIns.Any(c => c.EnrolmentId == e.Id))
            .OrderBy(e => e.Number).ToListAsync(cancellation);
    }
}
