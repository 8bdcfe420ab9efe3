using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Slots;

/// <summary>A time that can be booked.</summary>
/// <param name="Modes">In person only while the room is free too.</param>
internal sealed record Slot(CounsellorRow Counsellor, long StartsAt, long EndsAt, long FirstCell, int CellCount, IReadOnlyList<TalkMode> Modes, string? RoomId);

/// <summary>
/// Slots of some days, reckoned from what counsellors declared and what is taken at this moment; nothing of it is
/// stored. One timetable belongs to one request.
/// </summary>
internal sealed class Timetable
{
    private readonly CounsellingSettings settings;
    private readonly long now;
    private readonly List<CounsellorRow> counsellors;
    private readonly ILookup<string, WindowRow> windows;
    private readonly ILookup<string, ExceptionRow> exceptions;
    private readonly Dictionary<string, string> calendar;
    private readonly HashSet<string> openRooms;
    private readonly string one;
    private TakenTimes taken = TakenTimes.None;

    private Timetable(CounsellingSettings settings, string one, long now, List<CounsellorRow> counsellors, Declared declared)
    {
        (this.settings, this.one, this.now, this.counsellors) = (settings, one, now, counsellors);
        windows = declared.Windows.ToLookup(w => w.CounsellorId);
        exceptions = declared.Exceptions.ToLookup(e => e.CounsellorId);
        calendar = declared.Days.ToDictionary(d => d.Day, d => d.Kind);
        openRooms = [.. declared.Rooms];
    }

    public DateOnly First => Instants.DateOf(now);

    public DateOnly Last => First.AddDays(settings.HorizonDays);

    /// <summary>Those who may be booked at all, being counsellors still; whether her certificate and contract reach to a day is judged for the day.</summary>
    public IReadOnlyList<CounsellorRow> Counsellors => counsellors;

    /// <param name="counsellorId">One only, or all.</param>
    /// <param name="except">A talk that is about to move takes no time from itself.</param>
    public static async Task<Timetable> ReadAsync(
        Db db, CounsellingSettings settings, string? counsellorId, DateOnly from, DateOnly to, long now, CancellationToken cancellation, string? except = null)
    {
        var table = await DeclaredAsync(db, settings, counsellorId, from, to, now, cancellation);
        await table.ReadTakenAsync(db, from, to, cancellation, except);
        return table;
    }

    /// <summary>What counsellors declared for these days; what is taken is read besides, for as many of them as are looked at.</summary>
    public static async Task<Timetable> DeclaredAsync(
        Db db, CounsellingSettings settings, string? counsellorId, DateOnly from, DateOnly to, long now, CancellationToken cancellation)
    {
        var (one, first, last) = (counsellorId ?? "", from.Stored(), to.Stored());

        // Of a single day its own weekday, or the one for weekends that are worked.
        var weekday = from == to ? SlotRules.WeekdayOf(from, null)!.Value : 0;
        const string Mine = "(@one = '' OR counsellor_id = @one)";
        var counsellors = await db.QueryToListAsync<CounsellorRow>(
            """
            SELECT * FROM counsellors WHERE state = 'active' AND contract_until >= @first AND (@one = '' OR id = @one)
                AND EXISTS (SELECT 1 FROM grants WHERE grants.person_id = counsellors.person_id AND grants.role = 'counsellor')
            ORDER BY id
            """,
            new { first, one },
            cancellation);
        var declared = new Declared(
            await db.QueryToListAsync<WindowRow>(
                $"SELECT * FROM counsellor_windows WHERE {Mine} AND (@weekday = 0 OR weekday IN (@weekday, {SlotRules.MovedWorkingDay}))", new { one, weekday }, cancellation),
            await db.QueryToListAsync<ExceptionRow>(
                $"SELECT * FROM counsellor_exceptions WHERE {Mine} AND last_on >= @first AND first_on <= @last", new { one, first, last }, cancellation),
            await db.QueryToListAsync<CalendarDayRow>("SELECT day, kind, name FROM calendar_days WHERE day >= @first AND day <= @last", new { first, last }, cancellation),
            await db.QueryToListAsync<string>("SELECT id FROM counselling_rooms WHERE is_open = 1", cancellation));
        return new Timetable(settings, one, now, counsellors, declared);
    }

    /// <summary>Before these days are asked for; instead of what was read before.</summary>
    public async Task ReadTakenAsync(Db db, DateOnly from, DateOnly to, CancellationToken cancellation, string? except = null) =>
        taken = await TakenTimes.OfDaysAsync(db, one, from, to, now, except, cancellation);

    /// <summary>What can be booked at one instant, which may be any that somebody typed.</summary>
    public static async Task<List<Slot>> AtAsync(
        Db db, CounsellingSettings settings, string? counsellorId, long startsAt, long now, CancellationToken cancellation, string? except = null)
    {
        // Beyond the horizon nothing is asked: an instant of the last year has no day in China.
        if (startsAt < now || startsAt > now + CounsellingSettings.Hours(24 * (settings.HorizonDays + 1)))
        {
            return [];
        }

        var day = Instants.DateOf(startsAt);
        var table = await ReadAsync(db, settings, counsellorId, day, day, now, cancellation, except);
        return [.. table.OfDay(day).Where(s => s.StartsAt == startsAt)];
    }

    /// <summary>What can be booked on a day, by time, then by counsellor.</summary>
    public List<Slot> OfDay(DateOnly day)
    {
        if (day < First || day > Last)
        {
            return [];
        }

        var slots = new List<Slot>();
        foreach (var counsellor in counsellors)
        {
            Add(slots, counsellor, day);
        }

        return [.. slots.OrderBy(s => s.StartsAt).ThenBy(s => s.Counsellor.Id, StringComparer.Ordinal)];
    }

    private void Add(List<Slot> slots, CounsellorRow counsellor, DateOnly day)
    {
        var stored = day.Stored();
        if (string.CompareOrdinal(stored, counsellor.ContractFrom) < 0
            || string.CompareOrdinal(stored, counsellor.ContractUntil) > 0
            || (counsellor.ValidUntil is { } valid && string.CompareOrdinal(stored, valid) > 0)
            || taken.CountOf(counsellor.Id, day) >= counsellor.MostPerDay)
        {
            return;
        }

        var today = exceptions[counsellor.Id].Where(e => string.CompareOrdinal(e.FirstOn, stored) <= 0 && string.CompareOrdinal(stored, e.LastOn) <= 0).ToList();
        var timeOff = today.Where(e => !e.IsOpen).Select(e => (e.FromMinute, e.UntilMinute)).ToList();
        var length = new TalkLength(counsellor.LeadMinutes, counsellor.SessionMinutes, counsellor.BreakMinutes);
        var midnight = SlotRules.CellOf(Instants.StartOf(day));
        foreach (var beginning in SlotRules.Beginnings(WindowsOf(counsellor.Id, day, stored, today), timeOff, length).GroupBy(b => b.Minute, b => b.Window))
        {
            var starts = SlotRules.InstantOf(midnight + (beginning.Key / SlotRules.CellMinutes));
            var first = midnight + ((beginning.Key - length.Lead) / SlotRules.CellMinutes);
            if (starts < now + CounsellingSettings.Hours(settings.BookingNoticeHours) || taken.Has(counsellor.Id, first, length.Cells))
            {
                continue;
            }

            // Extra hours may lie over the week: it is one slot, with the ways of both.
            var room = beginning.FirstOrDefault(w => w.Modes.Contains(TalkMode.InPerson) && w.RoomId is { } r && openRooms.Contains(r) && !taken.Has(r, first, length.Cells))?.RoomId;
            var modes = beginning.SelectMany(w => w.Modes).Where(m => m != TalkMode.InPerson || room is not null).Distinct().Order().ToList();
            if (modes.Count > 0)
            {
                slots.Add(new Slot(counsellor, starts, starts + (length.Session * 60_000L), first, length.Cells, modes, room));
            }
        }
    }

    private IEnumerable<DayWindow> WindowsOf(string counsellorId, DateOnly day, string stored, IEnumerable<ExceptionRow> today)
    {
        var weekday = SlotRules.WeekdayOf(day, calendar.GetValueOrDefault(stored));
        var weekly = windows[counsellorId]
            .Where(w => w.Weekday == weekday
                && string.CompareOrdinal(w.EffectiveFrom, stored) <= 0
                && (w.EffectiveUntil is null || string.CompareOrdinal(stored, w.EffectiveUntil) <= 0))
            .Select(w => new DayWindow(w.FromMinute, w.UntilMinute, TalkModes.Read(w.Modes), w.RoomId));
        return weekly.Concat(today.Where(e => e.IsOpen).Select(e => new DayWindow(e.FromMinute, e.UntilMinute, TalkModes.Read(e.Modes), e.RoomId)))
            .OrderBy(w => w.FromMinute);
    }

    private sealed record Declared(List<WindowRow> Windows, List<ExceptionRow> Exceptions, List<CalendarDayRow> Days, List<string> Rooms);
}
