using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>Which time somebody wishes.</summary>
/// <param name="CounsellorId">Null: any.</param>
/// <param name="Sex">Of the counsellor; null: any.</param>
internal sealed record WishedTime(string? CounsellorId, string? Sex, TalkMode Mode, long StartsAt);

/// <summary>Keeps a time for a client. Client first, then counsellors, then cells: everybody in this order.</summary>
internal sealed class Holding(ClientRecords clients, ConsentText text, CaseKeys keys, CounsellingSettings settings)
{
    public async Task HoldAsync(Db db, string id, Caller caller, WishedTime wish, long now, CancellationToken cancellation)
    {
        var (client, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
        var openClient = keys.IdOf("open", caller.PersonId);
        await RefuseOrGiveUpOpenAsync(db, openClient, cancellation);
        var appointments = await AppointmentDeeds.OfClientAsync(db, record, cancellation);
        if (CountedIn(appointments, wish.StartsAt) >= settings.FreeTalksPerYear)
        {
            throw new Refusal(CounsellingProblems.FreeTalksUsed);
        }

        foreach (var slot in await CandidatesAsync(db, wish, now, cancellation))
        {
            var row = RowOf(id, slot, wish.Mode, openClient, client.Id, now);
            await Lapses.ClearAsync(db, row.CounsellorId, row.RoomId, now, cancellation);
            await db.InsertAsync(row, token: cancellation);
            if (await Cells.TakeAsync(db, row, cancellation))
            {
                await clients.SaveAsync(db, client.Id, record with { Appointments = [.. record.Appointments, id] }, cancellation);
                return;
            }

            await db.Appointments.Where(a => a.Id == id).DeleteAsync(cancellation);
        }

        throw new Refusal(CounsellingProblems.SlotGone);
    }

    /// <summary>How many talks of that calendar year count already.</summary>
    public static int CountedIn(IEnumerable<AppointmentRow> appointments, long startsAt) =>
        appointments.Count(a => a.Counts && IsInYear(Instants.At(a.StartsAt).Year, startsAt));

    /// <summary>The instant may be any that somebody typed, also one that is not told in China any more.</summary>
    private static bool IsInYear(int year, long instant) =>
        instant >= Instants.StartOf(new DateOnly(year, 1, 1)) && instant < Instants.StartOf(new DateOnly(year + 1, 1, 1));

    /// <summary>She goes back and chooses another time: the one she had not confirmed is free again. A confirmed one stands.</summary>
    private static async Task RefuseOrGiveUpOpenAsync(Db db, string openClient, CancellationToken cancellation)
    {
        var open = await db.Appointments.FirstOrDefaultAsync(a => a.OpenClient == openClient, cancellation);
        if (open is { State: AppointmentState.Held })
        {
            await Lapses.GiveUpAsync(db, open.Id, cancellation);
        }
        else if (open is not null)
        {
            throw new Refusal(CounsellingProblems.AppointmentOpen) { Present = new { AppointmentId = open.Id, open.State } };
        }
    }

    /// <summary>
    /// Slots at that time, whose counsellors' turns are taken: what is read of them stays true until the commit. Whoever
    /// has fewest talks before her comes first, then who has had none for longest, then by id.
    /// </summary>
    private async Task<IReadOnlyList<Slot>> CandidatesAsync(Db db, WishedTime wish, long now, CancellationToken cancellation)
    {
        var asked = wish.CounsellorId is { } one ? [one] : (await FitAsync()).Select(s => s.Counsellor.Id).ToList();
        if (asked.Count == 0)
        {
            return [];
        }

        await Cells.TakeTurnsAsync(db, asked, cancellation);
        var standing = await FitAsync();
        if (standing.Count < 2)
        {
            return standing;
        }

        var loads = await db.QueryAmongAsync<Load>(
            """
            SELECT counsellor_id, SUM(CASE WHEN starts_at >= @now THEN 1 ELSE 0 END) AS upcoming, MAX(CASE WHEN starts_at < @now THEN starts_at ELSE 0 END) AS newest
            FROM appointments WHERE counsellor_id IN (@among) AND state IN ('held', 'booked', 'arrived', 'done', 'no_show') GROUP BY counsellor_id
            """,
            [.. standing.Select(s => s.Counsellor.Id)],
            cancellation,
            ("now", now));
        var byId = loads.ToDictionary(l => l.CounsellorId);
        return [.. standing
            .OrderBy(s => byId.GetValueOrDefault(s.Counsellor.Id)?.Upcoming ?? 0)
            .ThenBy(s => byId.GetValueOrDefault(s.Counsellor.Id)?.Newest ?? 0)
            .ThenBy(s => s.Counsellor.Id, StringComparer.Ordinal)];

        async Task<List<Slot>> FitAsync() =>
            [.. (await Timetable.AtAsync(db, settings, wish.CounsellorId, wish.StartsAt, now, cancellation)).Where(s =>
                s.Modes.Contains(wish.Mode) && (wish.Sex is null || s.Counsellor.Sex == wish.Sex))];
    }

    private AppointmentRow RowOf(string id, Slot slot, TalkMode mode, string openClient, string clientId, long now) => new()
    {
        Id = id,
        OpenClient = openClient,
        CounsellorId = slot.Counsellor.Id,
        RoomId = mode == TalkMode.InPerson ? slot.RoomId : null,
        Mode = mode,
        State = AppointmentState.Held,
        FirstCell = slot.FirstCell,
        CellCount = slot.CellCount,
        StartsAt = slot.StartsAt,
        EndsAt = slot.EndsAt,
        HeldUntil = now + (long)TimeSpan.FromMinutes(settings.HoldMinutes).TotalMilliseconds,
        Counts = true,
        ClientLocked = keys.Lock(AppointmentRow.ClientPlace, id, clientId),
        Version = 1,
    };

    private sealed record Load
    {
        public required string CounsellorId { get; init; }

        public required int Upcoming { get; init; }

        public required long Newest { get; init; }
    }
}
