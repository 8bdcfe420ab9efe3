using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Messages.Reminders;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Of which sessions people who have a place are reminded.</summary>
internal static class EnrolmentReminders
{
    public static readonly UpcomingBookings Source = new(Messages.NoticeKinds.ActivityReminder, "活动即将开始", FindAsync, StillStandAsync);

    private static Task<List<Booking>> FindAsync(Db db, long after, long until, int lead, CancellationToken cancellation) => db.QueryToListAsync<Booking>(
        """
        SELECT e.person_id, e.id AS record_id, s.starts_at, e.updated_at AS made_at, a.title AS subject, a.place, a.id AS activity_id
        FROM activity_sessions s
        JOIN activities a ON a.id = s.activity_id
        JOIN enrolments e ON e.activity_id = a.id
        WHERE s.starts_at > @after AND s.starts_at <= @until AND a.state = 'published' AND e.state = 'enrolled'
            AND NOT EXISTS (SELECT 1 FROM reminders r WHERE r.record_id = e.id AND r.lead_hours = @lead AND r.starts_at = s.starts_at)
        ORDER BY s.starts_at, e.id LIMIT 500
        """,
        new { after, until, lead },
        cancellation);

    private static async Task<HashSet<(string RecordId, long StartsAt)>> StillStandAsync(
        Db db, IReadOnlyList<(string RecordId, long StartsAt)> bookings, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Standing>(
            """
            SELECT e.id AS record_id, s.starts_at FROM enrolments e
            JOIN activities a ON a.id = e.activity_id
            JOIN activity_sessions s ON s.activity_id = a.id
            WHERE e.id IN (@among) AND e.state = 'enrolled' AND a.state = 'published'
            """,
            [.. bookings.Select(b => b.RecordId)],
            cancellation);
        return [.. rows.Select(r => (r.RecordId, r.StartsAt))];
    }

    private sealed record Standing
    {
        public required string RecordId { get; init; }

        public required long StartsAt { get; init; }
    }
}
