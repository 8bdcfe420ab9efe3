using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// Counts working days (工作日) with the State Council's yearly table of holidays and moved weekends (调休). A year
/// without a table counts Monday to Friday.
/// </summary>
internal sealed class WorkingDays(IReadOnlySet<DateOnly> holidays, IReadOnlySet<DateOnly> workdays)
{
    public static async Task<WorkingDays> ReadAsync(Db db, CancellationToken cancellation)
    {
        var days = await db.CalendarDays.ToListAsync(cancellation);
        return new WorkingDays(
            days.Where(d => d.Kind == "holiday").Select(d => Instants.Date(d.Day)).ToHashSet(),
            days.Where(d => d.Kind == "workday").Select(d => Instants.Date(d.Day)).ToHashSet());
    }

    public bool IsWorkingDay(DateOnly day) =>
        workdays.Contains(day)
        || (!holidays.Contains(day) && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));

    /// <summary>The <paramref name="count"/>-th working day after <paramref name="start"/>; the start itself does not count.</summary>
    public DateOnly After(DateOnly start, int count)
    {
        var day = start;
        while (count > 0)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day))
            {
                count--;
            }
        }

        return day;
    }

    /// <summary>Working days from after <paramref name="today"/> up to and including <paramref name="due"/>; negative when past.</summary>
    public int Until(DateOnly today, DateOnly due)
    {
        if (due < today)
        {
            return -Until(due, today);
        }

        var count = 0;
        for (var day = today.AddDays(1); day <= due; day = day.AddDays(1))
        {
            if (IsWorkingDay(day))
            {
                count++;
            }
        }

        return count;
    }
}
