using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Messages;

namespace WeChatUnion.Api.Modules.Counselling.Waiting;

/// <summary>
/// What became free is kept for the first in the line whom it suits, with a deadline; an offer that nobody confirms lapses
/// like any hold, and the next one has her turn. Whoever only comes by meanwhile is not served before them (<see cref="Holding"/>).
/// </summary>
internal sealed class OfferTalks(
    Database database, IServiceProvider services, CounsellingSettings settings, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!settings.IsOn)
        {
            return;
        }

        List<WishRow> waiting;
        await using (var db = database.Open())
        {
            waiting = await Wishes.AllAsync(db, cancellation);
        }

        // One after the other: who came first is served first.
        await Due.ForEachAsync(waiting, wish => database.TransactAsync(db => ServeAsync(db, wish.Id, cancellation), cancellation));
    }

    /// <summary>Rounded up to the hour, so that an offer's end does not tell when its message was written; nobody need answer by night.</summary>
    internal static long OfferUntil(long startsAt, int hours, long now)
    {
        var hour = CounsellingSettings.Hours(1);
        var whole = QuietHours.After(now) + CounsellingSettings.Hours(hours);
        return Math.Min((whole + hour - 1) / hour * hour, startsAt);
    }

    private async Task ServeAsync(Db db, string wishId, CancellationToken cancellation)
    {
        var (wishes, clients, text) = (services.GetRequiredService<Wishes>(), services.GetRequiredService<ClientRecords>(), services.GetRequiredService<ConsentText>());
        if (await db.CounsellingWishes.FirstOrDefaultAsync(w => w.Id == wishId, cancellation) is not { } wish)
        {
            return;
        }

        var (personId, now) = (wishes.PersonOf(wish), clock.Milliseconds());
        var client = await clients.TakeAsync(db, personId, cancellation);
        if (!await db.CounsellingWishes.AnyAsync(w => w.Id == wishId, cancellation))
        {
            // Given up, or changed into another, before her row was taken.
            return;
        }

        var open = await OpenAsync(db, personId, cancellation);
        if (open == AppointmentState.Held)
        {
            // She is about to confirm another time; her place stays until she has.
            return;
        }

        var isOver = string.CompareOrdinal(wish.LastOn, Instants.DateOf(now).Stored()) < 0;
        if (isOver || client is not { Record.Consent: { } consent } || consent.Version != text.Version || open is not null)
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            if (isOver)
            {
                await messenger.AddAsync(db, services.GetRequiredService<TalkNotices>().NothingBecameFree(personId, wish), now);
            }

            return;
        }

        var talks = await AppointmentDeeds.OfClientAsync(db, client.Value.Record, cancellation);
        if (await FirstAsync(db, wish, now, cancellation) is not { } slot)
        {
            return;
        }

        if (FreeTalks.LeftOf(settings, client.Value.Record, talks, slot.StartsAt) == 0)
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            return;
        }

        var until = OfferUntil(slot.StartsAt, settings.OfferHours, now);
        var id = Ids.Random();
        var wished = new WishedTime(slot.Counsellor.Id, null, wish.Mode, slot.StartsAt);
        if (await services.GetRequiredService<Holding>().KeepAsync(db, id, client.Value, personId, wished, until, [], now, cancellation))
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            await messenger.AddAsync(db, services.GetRequiredService<TalkNotices>().Offered(personId, id, slot.StartsAt, until), now);
        }
    }

    /// <summary>How her open appointment stands; null when she has none.</summary>
    private Task<AppointmentState?> OpenAsync(Db db, string personId, CancellationToken cancellation)
    {
        var openClient = services.GetRequiredService<CaseKeys>().IdOf("open", personId);
        return db.Appointments.Where(a => a.OpenClient == openClient).Select(a => (AppointmentState?)a.State).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The soonest that suits her.</summary>
    private async Task<Slot?> FirstAsync(Db db, WishRow wish, long now, CancellationToken cancellation)
    {
        var (first, last) = (Instants.Date(wish.FirstOn), Instants.Date(wish.LastOn));
        var table = await Timetable.ReadAsync(db, settings, wish.CounsellorId, first, last, now, cancellation);
        for (var day = first; day <= last && table.Counsellors.Count > 0; day = day.AddDays(1))
        {
            if (table.OfDay(day).FirstOrDefault(s => Wishes.Suits(wish, s)) is { } slot)
            {
                return slot;
            }
        }

        return null;
    }
}
