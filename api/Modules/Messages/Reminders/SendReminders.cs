using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Messages.Reminders;

/// <summary>
/// Reminds people a day and two hours before what they have booked. Reckoned from the bookings as they stand now, so a
/// moved one is reminded of anew and one that was given up not at all.
/// </summary>
internal sealed class SendReminders(Database database, IEnumerable<UpcomingBookings> sources, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    private const int AtOnce = 500;
    private const int DayBefore = 24;
    private const int Shortly = 2;
    private const int RoundHours = 4;

    /// <summary>In the half hour before the quiet hours goes out what would fall into them.</summary>
    private static readonly TimeSpan Eve = TimeSpan.FromMinutes(30);

    public Task RunAsync(CancellationToken cancellation) => Due.ForEachAsync(
        sources.SelectMany(s => new[] { (Source: s, Lead: DayBefore), (Source: s, Lead: Shortly) }), s => RemindAsync(s.Source, s.Lead, cancellation));

    /// <summary>When a reminder is due: so long before the beginning, or the evening before if that would be in the quiet hours.</summary>
    /// <param name="inRounds">At 8, 12, 16 or 20 o'clock before that, so that its time tells of many beginnings.</param>
    internal static long DueAt(long startsAt, int leadHours, bool inRounds = false)
    {
        var due = QuietHours.Before(startsAt - (long)TimeSpan.FromHours(leadHours).TotalMilliseconds);
        return inRounds ? due - (due - Instants.StartOf(Instants.DateOf(due))) % (long)TimeSpan.FromHours(RoundHours).TotalMilliseconds : due;
    }

    private async Task RemindAsync(UpcomingBookings source, int lead, CancellationToken cancellation)
    {
        int count;
        do
        {
            count = await database.TransactAsync(db => RemindSomeAsync(db, source, lead, cancellation), cancellation);
        }
        while (count == AtOnce);
    }

    private async Task<int> RemindSomeAsync(Db db, UpcomingBookings source, int lead, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var eve = now + (long)Eve.TotalMilliseconds;
        var until = (QuietHours.Cover(eve) || source.IsDiscreet ? QuietHours.Morning(now) : now) + (long)TimeSpan.FromHours(lead).TotalMilliseconds;
        var due = (await source.Find(db, now, until, lead, cancellation)).Where(b => DueAt(b.StartsAt, lead, source.IsDiscreet) <= now).Take(AtOnce).ToList();
        if (due.Count > 0)
        {
            await db.InsertManyAsync(due.Select(b => new ReminderRow { RecordId = b.RecordId, LeadHours = lead, StartsAt = ShownOf(source, b) }));
            var notices = due.Where(b => IsNeeded(source, b, lead, now)).Select(b => NoticeOf(source, b, now)).ToList();
            if (source.IsDiscreet)
            {
                // Their ids are of random letters, and the rows' own ids count upwards.
                notices.Sort((one, other) => string.CompareOrdinal(one.RecordId, other.RecordId));
            }

            if (notices.Count > 0)
            {
                await messenger.AddAsync(db, notices, now);
            }
        }

        return due.Count;
    }

    /// <summary>Who booked later than that knows it, and the shorter one makes the longer one superfluous.</summary>
    private static bool IsNeeded(UpcomingBookings source, Booking booking, int lead, long now) => lead == Shortly
        ? source.LastIsForAll || booking.MadeAt <= DueAt(booking.StartsAt, Shortly, source.IsDiscreet)
        : booking.MadeAt <= DueAt(booking.StartsAt, lead, source.IsDiscreet) && DueAt(booking.StartsAt, Shortly, source.IsDiscreet) > now;

    /// <summary>What rows keep of the beginning.</summary>
    private static long ShownOf(UpcomingBookings source, Booking booking) =>
        source.IsDiscreet ? Instants.StartOf(Instants.DateOf(booking.StartsAt).AddDays(1)) : booking.StartsAt;

    private static Notice NoticeOf(UpcomingBookings source, Booking booking, long now)
    {
        var facts = new Dictionary<string, string>
        {
            [Fact.Subject] = booking.Subject,
            [Fact.StartsAt] = booking.StartsAt.ToString(CultureInfo.InvariantCulture),
        };
        if (booking.Place is not null)
        {
            facts[Fact.Place] = booking.Place;
        }

        if (booking.ActivityId is not null)
        {
            facts[Fact.ActivityId] = booking.ActivityId;
        }

        var where = booking.Place is null ? "" : $",地点:{booking.Place}";
        return new Notice(booking.PersonId, source.Kind, source.Title, $"{booking.Subject}将于{Instants.InWords(booking.StartsAt)}开始{where}。{source.Advice}", booking.RecordId)
        {
            Facts = facts,
            Deadline = ShownOf(source, booking),

            // The end of the day does not tell that it begins before the morning.
            Importance = source.IsDiscreet && QuietHours.Cover(now) && booking.StartsAt <= QuietHours.Morning(now) ? Importance.Urgent : null,
        };
    }
}

/// <summary>Reminders of beginnings that are over are of no use any more.</summary>
internal sealed class ForgetReminders(Database database, TimeProvider clock) : IPeriodicTask
{
    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds();
        return database.ForgetAsync(
            async (db, most) =>
            {
                var over = await db.GetTable<ReminderRow>().Where(r => r.StartsAt <= before).OrderBy(r => r.StartsAt).Take(most).ToListAsync(cancellation);
                foreach (var some in over.GroupBy(r => r.StartsAt))
                {
                    await db.ExecuteAmongAsync(
                        "DELETE FROM reminders WHERE starts_at = @startsAt AND record_id IN (@among)", [.. some.Select(r => r.RecordId)], cancellation, ("startsAt", some.Key));
                }

                return over.Count;
            },
            cancellation);
    }
}

[Table("reminders", IsColumnAttributeRequired = false)]
internal sealed record ReminderRow
{
    [PrimaryKey(1)]
    public required string RecordId { get; init; }

    [PrimaryKey(2)]
    public required int LeadHours { get; init; }

    [PrimaryKey(3)]
    public required long StartsAt { get; init; }
}
