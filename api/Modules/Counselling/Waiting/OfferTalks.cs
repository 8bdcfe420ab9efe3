using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Messages;

namespace WeChatUnion.Api.Modules.Counselling.Waiting;

/// <summary>
/// What became free is kept for the first in the line whom it suits, with a deadline; an offer that nobody confirms lapses
/// like any hold, and the next one has her turn. Whoever only comes by meanwhile is not served before them (<see cref="Holding"/>).
/// </summary>
internal sealed class OfferTalks(
    Database database, IServiceProvider services, CounsellingSettings settings, TimeProvider clock) : IPeriodicTask
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
            waiting = await ServableAsync(db, await Wishes.AllAsync(db, cancellation), cancellation);
        }

        // One after the other: who came first is served first.
        await Due.ForEachAsync(waiting, wish => database.TransactAsync(db => ServeAsync(db, wish.Id, cancellation), cancellation));
    }

    /// <summary>So many hours by day after she is told; nobody need answer by night. Rounded up to the hour, so that the end does not tell when it began.</summary>
    internal static long OfferUntil(long startsAt, int hours, long toldAt)
    {
        var (hour, until) = (CounsellingSettings.Hours(1), toldAt);
        for (var left = hours; left > 0; left--)
        {
            until = QuietHours.After(until) + hour;
        }

        return Math.Min((QuietHours.After(until) + hour - 1) / hour * hour, startsAt);
    }

    /// <summary>Those for whom there is something to do. One look at all times, so that a long line costs little while nothing becomes free.</summary>
    private async Task<List<WishRow>> ServableAsync(Db db, List<WishRow> waiting, CancellationToken cancellation)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        var now = clock.Milliseconds();
        var (first, last) = (Instants.DateOf(now), Instants.Date(waiting.Max(w => w.LastOn)!));
        var table = await Timetable.ReadAsync(db, settings, null, first, last < first ? first : last, now, cancellation);
        var free = new List<Slot>();
        for (var day = first; day <= last && table.Counsellors.Count > 0; day = day.AddDays(1))
        {
            free.AddRange(table.OfDay(day));
        }

        return [.. waiting.Where(w => IsOver(w, now) || free.Any(s => Wishes.Suits(w, s)))];
    }

    private static bool IsOver(WishRow wish, long now) => string.CompareOrdinal(wish.LastOn, Instants.DateOf(now).Stored()) < 0;

    private async Task ServeAsync(Db db, string wishId, CancellationToken cancellation)
    {
        var (texts, notices) = (services.GetRequiredService<TalkNotices>(), services.GetRequiredService<ClientNotices>());
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

        if (IsOver(wish, now) || open is not null || client is not { Record.Consent: { } consent })
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            if (IsOver(wish, now))
            {
                await notices.AddAsync(db, texts.NothingBecameFree(personId, wish), null, now, cancellation);
            }

            return;
        }

        if (consent.Version != text.Version)
        {
            await MakeWayAsync();
            return;
        }

        var talks = await AppointmentDeeds.OfClientAsync(db, client.Value.Record, cancellation);
        if (await FirstAsync(db, wish, now, cancellation) is not { } slot)
        {
            return;
        }

        if (FreeTalks.LeftOf(settings, client.Value.Record, talks, slot.StartsAt) == 0)
        {
            await MakeWayAsync();
            return;
        }

        var until = OfferUntil(slot.StartsAt, settings.OfferHours, ClientNotices.RoundAfter(now, slot.StartsAt));
        var id = Ids.Random();
        var wished = new WishedTime(slot.Counsellor.Id, null, wish.Mode, slot.StartsAt);
        if (await services.GetRequiredService<Holding>().KeepAsync(db, id, client.Value, personId, wished, until, [], now, cancellation))
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            await notices.AddAsync(db, texts.Offered(personId, id, slot.StartsAt, until), slot.StartsAt, now, cancellation);
        }

        // Her turn has come and she may not book: she learns why she waits no more.
        async Task MakeWayAsync()
        {
            await wishes.RemoveAsync(db, personId, cancellation);
            await notices.AddAsync(db, texts.MadeWay(personId, wish), null, now, cancellation);
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
