using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>What the points ledger learns of a sign-up that gave points.</summary>
internal static class EnrolmentPoints
{
    public const string SourceKind = "enrolment";

    public static readonly ConductSource Source = new(SourceKind, DescribeAsync, FollowLiftingAsync);

    public static Task WriteLiftedAsync(Db db, string enrolmentId, string personId, long now, CancellationToken cancellation) =>
        db.InsertAsync(
            new EnrolmentStepRow { Id = Ids.New(), EnrolmentId = enrolmentId, Kind = EnrolmentStepKind.NoShowLifted, PersonId = personId, At = now },
            token: cancellation);

    /// <summary>Null once the sign-up is past its time and gone.</summary>
    private static async Task<SourceSeen?> DescribeAsync(Db db, string enrolmentId, CancellationToken cancellation)
    {
        var activities = db.Activities;
        var found = await (
            from enrolment in db.Enrolments
            join activity in activities on enrolment.ActivityId equals activity.Id
            where enrolment.Id == enrolmentId
            select new { enrolment, activity }).FirstOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        // Who stood at the door would judge whether she herself overlooked somebody.
        var sessions = db.ActivitySessions;
        var atTheDoor = await db.CheckIns
            .Where(c => c.Way != CheckInWay.HallCode && sessions.Any(s => s.Id == c.SessionId && s.ActivityId == found.activity.Id))
            .Select(c => c.MadeBy).Distinct().ToListAsync(cancellation);
        return new SourceSeen(found.activity.UnionId, found.activity.Title, [found.enrolment.MadeBy, .. atTheDoor]);
    }

    /// <summary>Points may outlive their sign-up, which is deleted a year after the activity.</summary>
    private static async Task FollowLiftingAsync(Db db, ConductPointRow point, string personId, long now, CancellationToken cancellation)
    {
        if (point.Kind == ConductKind.NoShow && await db.Enrolments.AnyAsync(e => e.Id == point.SourceId, cancellation))
        {
            await WriteLiftedAsync(db, point.SourceId, personId, now, cancellation);
        }
    }
}
