using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>What a higher module does when somebody has come in, in the check-in's transaction; not when she is scanned again.</summary>
/// <param name="caller">Who checks her in: herself by the hall's code, or staff, who need not know why she may not.</param>
internal delegate Task FollowCheckIn(Db db, ActivityRow activity, EnrolmentRow enrolment, Caller caller, long now, CancellationToken cancellation);

/// <summary>Writes check-ins: the first stays, whoever comes again is answered with it.</summary>
internal sealed class CheckIns(Database database, IEnumerable<FollowCheckIn> followers, TimeProvider clock)
{
    /// <param name="ScannedAt">As an offline device says; null when it is now.</param>
    internal sealed record Arrival(ActivityRow Activity, SessionRow Session, EnrolmentRow Enrolment, CheckInWay Way, Caller Caller, long? ScannedAt);

    /// <param name="IsRepeated">There was a check-in before.</param>
    internal sealed record Outcome(CheckInRow CheckIn, bool IsRepeated);

    public async Task<Outcome> WriteAsync(Arrival arrival, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(
                async db =>
                {
                    await WaitIfLateAsync(db, arrival, cancellation);
                    return await InsertAsync(db, arrival, clock.Milliseconds(), cancellation);
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return await database.TransactAsync(db => AgainAsync(db, arrival, cancellation), cancellation);
        }
    }

    /// <summary>
    /// A check-in takes no turn: thousands come in at once. But what a device brings in when all is over may meet the
    /// writing of the absences; one of the two must see the other.
    /// </summary>
    private async Task WaitIfLateAsync(Db db, Arrival arrival, CancellationToken cancellation)
    {
        if (clock.Milliseconds() >= arrival.Session.EndsAt)
        {
            await Turn.TakeAsync(db, arrival.Session.ActivityId, cancellation);
        }
    }

    private async Task<Outcome> AgainAsync(Db db, Arrival arrival, CancellationToken cancellation)
    {
        await WaitIfLateAsync(db, arrival, cancellation);
        await LiftNoShowAsync(db, arrival.Enrolment.Id, arrival.Caller.PersonId, clock.Milliseconds(), cancellation);
        return new Outcome(await FirstOf(db, arrival).FirstAsync(cancellation), IsRepeated: true);
    }

    /// <summary>
    /// The row comes first: two at once, on whatever nodes, meet at its UNIQUE; and its foreign key holds the sign-up,
    /// so that what is read of it afterwards stays true until the commit.
    /// </summary>
    public async Task<Outcome> InsertAsync(Db db, Arrival arrival, long now, CancellationToken cancellation)
    {
        var row = new CheckInRow
        {
            Id = Ids.New(),
            SessionId = arrival.Session.Id,
            EnrolmentId = arrival.Enrolment.Id,
            Way = arrival.Way,
            MadeBy = arrival.Caller.PersonId,
            At = now,
            ScannedAt = arrival.ScannedAt,
        };
        await db.InsertAsync(row, token: cancellation);
        RefuseWithoutPlace(await db.Enrolments.FirstAsync(e => e.Id == arrival.Enrolment.Id, cancellation), arrival.Caller);
        await LiftNoShowAsync(db, arrival.Enrolment.Id, arrival.Caller.PersonId, now, cancellation);
        foreach (var follow in followers)
        {
            await follow(db, arrival.Activity, arrival.Enrolment, arrival.Caller, now, cancellation);
        }

        await Audit.WriteAsync(db, arrival.Caller, "check_in", "enrolment", row.EnrolmentId, now, arrival.Enrolment.PersonId);
        return new Outcome(row, IsRepeated: false);
    }

    public static IQueryable<CheckInRow> FirstOf(Db db, Arrival arrival) =>
        db.CheckIns.Where(c => c.SessionId == arrival.Session.Id && c.EnrolmentId == arrival.Enrolment.Id);

    /// <summary>
    /// Was checked in. Sure only after the sign-up's row was written: a check-in takes no turn, but its foreign key holds
    /// that row, so one that came first is seen by then, and a later one waits and finds no place.
    /// </summary>
    public static Task<bool> IsInAsync(Db db, string enrolmentId, CancellationToken cancellation) =>
        db.CheckIns.AnyAsync(c => c.EnrolmentId == enrolmentId, cancellation);

    /// <summary>Only who has a place comes in.</summary>
    public static void RefuseWithoutPlace(EnrolmentRow? enrolment, Caller caller)
    {
        switch (enrolment?.State)
        {
            case EnrolmentState.Enrolled:
                return;
            case EnrolmentState.Offered:
                throw new Refusal(AttendingProblems.AcceptOfferFirst);
            case { } state when EnrolmentChanges.IsLive(state):
                throw new Refusal(AttendingProblems.NoPlaceGiven);
            default:
                throw new Refusal(
                    ActivitiesProblems.NotEnrolled,
                    caller.Kind == SessionKind.Staff ? "此人没有报名本活动,或报名已取消。现场还有名额时可以办理现场报名。" : null);
        }
    }

    /// <summary>A device that comes back to the network late undoes the absence that was counted meanwhile.</summary>
    private static async Task LiftNoShowAsync(Db db, string enrolmentId, string personId, long now, CancellationToken cancellation)
    {
        await ConductPoints.LiftAsync(db, ConductKind.NoShow, EnrolmentPoints.SourceKind, enrolmentId, now, cancellation);
        var last = await db.EnrolmentSteps
            .Where(s => s.EnrolmentId == enrolmentId && (s.Kind == EnrolmentStepKind.NoShow || s.Kind == EnrolmentStepKind.NoShowLifted))
            .OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellation);
        if (last?.Kind == EnrolmentStepKind.NoShow)
        {
            await EnrolmentPoints.WriteLiftedAsync(db, enrolmentId, personId, now, cancellation);
        }
    }
}
