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
        // From the time to the people (CROSS JOIN holds SQLite to this order): at one time there is little else, while some
        // people have signed up for much.
        var others = await db.QueryAmongAsync<Other>(
            """
            SELECT e.person_id, a.id, a.title, s.starts_at, s.ends_at
            FROM activity_sessions s CROSS JOIN activities a ON a.id = s.activity_id CROSS JOIN enrolments e ON e.activity_id = a.id
            WHERE s.ends_at > @starts AND s.starts_at < @ends AND s.activity_id <> @activity AND a.state = 'published'
                AND e.live_person_id IN (@among)
            """,
            personIds,
            cancellation,
            ("activity", activity.Id),
            ("ends", activity.EndsAt),
            ("starts", activity.StartsAt));
        if (others.Count == 0)
        {
            return Enumerable.Empty<Overlap>().ToLookup(_ => "");
        }

        var mine = await db.ActivitySessions.Where(s => s.ActivityId == activity.Id).ToListAsync(cancellation);
        return others
            .Where(o => mine.Any(m => m.StartsAt < o.EndsAt && o.StartsAt < m.EndsAt))
            .ToLookup(o => o.PersonId, o => new Overlap(o.Id, o.Title, Instants.At(o.StartsAt), Instants.At(o.EndsAt)));
    }

    private sealed record Other
    {
        public required string PersonId { get; init; }

        public required string Id { get; init; }

        public required string Title { get; init; }

        public required long StartsAt { get; init; }

        public required long EndsAt { get; init; }
    }
}
