using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Who has another activity at the same time; a warning, never a refusal.</summary>
internal static class Overlaps
{
    /// <summary>Person → other activities with a session that overlaps one of this activity's.</summary>
    public static async Task<ILookup<string, Overlap>> ReadAsync(
        Db db, ActivityRow activity, IReadOnlyCollection<string> personIds, CancellationToken cancellation)
    {
        var (sessions, activities) = (db.ActivitySessions, db.Activities);
        var others = await (
            from enrolment in db.Enrolments
            join session in sessions on enrolment.ActivityId equals session.ActivityId
            join other in activities on enrolment.ActivityId equals other.Id
            where enrolment.LivePersonId != null && personIds.Contains(enrolment.LivePersonId)
                && enrolment.ActivityId != activity.Id
                && other.State == ActivityState.Published
                && session.StartsAt < activity.EndsAt && session.EndsAt > activity.StartsAt
            select new { enrolment.PersonId, other.Id, other.Title, session.StartsAt, session.EndsAt }).ToListAsync(cancellation);
        if (others.Count == 0)
        {
            return Enumerable.Empty<Overlap>().ToLookup(_ => "");
        }

        var mine = await sessions.Where(s => s.ActivityId == activity.Id).ToListAsync(cancellation);
        return others
            .Where(o => mine.Any(m => m.StartsAt < o.EndsAt && o.StartsAt < m.EndsAt))
            .ToLookup(o => o.PersonId, o => new Overlap(o.Id, o.Title, Instants.At(o.StartsAt), Instants.At(o.EndsAt)));
    }
}
