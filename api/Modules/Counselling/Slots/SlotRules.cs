namespace WeChatUnion.Api.Modules.Counselling.Slots;

/// <summary>A part of one day in which talks may begin. Minutes from midnight.</summary>
/// <param name="RoomId">For talks in person; null when there are none.</param>
internal sealed record DayWindow(int FromMinute, int UntilMinute, IReadOnlyList<TalkMode> Modes, string? RoomId);

/// <summary>How long a talk is, and what stays free around it; all multiples of ten minutes.</summary>
internal readonly record struct TalkLength(int Lead, int Session, int Break)
{
    public int Whole => Lead + Session + Break;

    public int Cells => Whole / SlotRules.CellMinutes;
}

/// <summary>Pure rules of time. Time is cut into cells of ten minutes, counted from 1970.</summary>
internal static class SlotRules
{
    public const int CellMinutes = 10;
    public const int MovedWorkingDay = 8;
    private const long CellMilliseconds = CellMinutes * 60_000L;

    public static long CellOf(long instant) => instant / CellMilliseconds;

    public static long InstantOf(long cell) => cell * CellMilliseconds;

    /// <summary>1 Monday to 7 Sunday; 8 on a weekend that is worked (调休); null on a public holiday.</summary>
    public static int? WeekdayOf(DateOnly day, string? calendarKind) => calendarKind switch
    {
        "holiday" => null,
        "workday" => MovedWorkingDay,
        _ => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek,
    };

    /// <summary>When talks may begin, first in each window, then one whole length after the other; the talk itself ends within the window and outside of time off.</summary>
    public static IEnumerable<(int Minute, DayWindow Window)> Beginnings(
        IEnumerable<DayWindow> windows, IReadOnlyCollection<(int From, int Until)> timeOff, TalkLength length)
    {
        foreach (var window in windows)
        {
            for (var minute = window.FromMinute; minute + length.Session <= window.UntilMinute; minute += length.Whole)
            {
                if (!timeOff.Any(o => o.From < minute + length.Session && minute < o.Until))
                {
                    yield return (minute, window);
                }
            }
        }
    }
}
