using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Messages.Reminders;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>
/// Of which talks clients are reminded. Reminders name them, so their record is one made up for each beginning: it leads
/// from no reminder to a talk, and is another once the talk was moved.
/// </summary>
internal sealed class TalkReminders(CaseKeys keys, ClientRecords clients, AppointmentDeeds deeds, TimeProvider clock)
{
    private const int AtOnce = 500;
    private const string Subject = "您预约的服务";

    /// <summary>Where the module is closed nobody is reminded, and there may be no key.</summary>
    public static UpcomingBookings Source(IServiceProvider services)
    {
        var settings = services.GetRequiredService<CounsellingSettings>();
        return new(
            NoticeKinds.ServiceReminder,
            "您预约的服务即将开始",
            (db, after, until, lead, cancellation) => settings.IsOn ? Of(services).FindAsync(db, after, until, lead, cancellation) : Task.FromResult(new List<Messages.Reminders.Booking>()),
            (db, bookings, cancellation) => settings.IsOn ? Of(services).StillStandAsync(db, bookings, cancellation) : Task.FromResult(new HashSet<(string, long)>()))
        {
            IsDiscreet = true,
            LastIsForAll = true,
            Advice = "地点、电话或链接请打开“我的预约”查看(电话和链接在开始前 1 小时显示);需要改期或取消也在那里办理。",
        };
    }

    private static TalkReminders Of(IServiceProvider services) => services.GetRequiredService<TalkReminders>();

    /// <summary>Only those that are due: of the others not even the names are opened.</summary>
    private async Task<List<Messages.Reminders.Booking>> FindAsync(Db db, long after, long until, int lead, CancellationToken cancellation)
    {
        var talks = (await db.Appointments
                .Where(a => a.State == AppointmentState.Booked && a.StartsAt > after && a.StartsAt <= until && a.ClientLocked != null)
                .OrderBy(a => a.StartsAt).ToListAsync(cancellation))
            .Where(a => SendReminders.DueAt(a.StartsAt, lead, inRounds: true) <= after).ToDictionary(RecordOf);
        if (talks.Count == 0)
        {
            return [];
        }

        var given = await db.QueryAmongAsync<string>("SELECT record_id FROM reminders WHERE lead_hours = @lead AND record_id IN (@among)", talks.Keys, cancellation, ("lead", lead));
        var open = talks.Where(t => !given.Contains(t.Key)).Take(AtOnce).ToList();
        if (open.Count == 0)
        {
            return [];
        }

        var since = await deeds.StandingSinceAsync(db, [.. open.Select(t => t.Value.Id)], cancellation);
        var bookings = new List<Messages.Reminders.Booking>();
        foreach (var (recordId, talk) in open)
        {
            if (await clients.OfAppointmentAsync(db, talk, cancellation) is { } client)
            {
                bookings.Add(new()
                {
                    PersonId = client.PersonId,
                    RecordId = recordId,
                    StartsAt = talk.StartsAt,
                    MadeAt = since.GetValueOrDefault(talk.Id),
                    Subject = Subject,
                });
            }
        }

        return bookings;
    }

    private async Task<HashSet<(string RecordId, long StartsAt)>> StillStandAsync(
        Db db, IReadOnlyList<(string RecordId, long StartsAt)> bookings, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var standing = new HashSet<(string, long)>();
        foreach (var end in bookings.Select(b => b.StartsAt).Distinct())
        {
            var first = Math.Max(now, end - CounsellingSettings.Hours(24));
            var talks = await db.Appointments.Where(a => a.State == AppointmentState.Booked && a.StartsAt >= first && a.StartsAt < end).ToListAsync(cancellation);
            standing.UnionWith(talks.Select(t => (RecordOf(t), end)));
        }

        return standing;
    }

    private string RecordOf(AppointmentRow talk) => keys.IdOf("reminder", $"{talk.Id}|{talk.StartsAt}");
}
