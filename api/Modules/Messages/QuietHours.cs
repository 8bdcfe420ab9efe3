using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Between 21:30 and 08:00 in China nobody's phone rings but for what is urgent.</summary>
internal static class QuietHours
{
    private static readonly TimeSpan Begin = new(21, 30, 0);
    private static readonly TimeSpan End = new(8, 0, 0);

    public static bool Cover(long instant)
    {
        var time = Instants.At(instant).TimeOfDay;
        return time >= Begin || time < End;
    }

    /// <summary>The instant itself, or the morning that ends the quiet hours it lies in.</summary>
    public static long After(long instant) => Cover(instant) ? Morning(instant) : instant;

    /// <summary>The instant itself, or half an hour before the quiet hours it lies in began: for what must be known by the morning.</summary>
    public static long Before(long instant) => Cover(instant)
        ? Morning(instant) - (long)(TimeSpan.FromDays(1) - (Begin - TimeSpan.FromMinutes(30)) + End).TotalMilliseconds
        : instant;

    /// <summary>Urgent, or important and lost by the morning.</summary>
    public static bool MayBreak(Importance importance, long? deadline, long now) =>
        importance == Importance.Urgent || (importance == Importance.Important && deadline is { } end && end <= Morning(now));

    /// <summary>The end of the quiet hours that the instant lies in or comes before.</summary>
    public static long Morning(long instant)
    {
        var at = Instants.At(instant);
        var midnight = Instants.StartOf(DateOnly.FromDateTime(at.DateTime));
        return midnight + (long)(at.TimeOfDay >= End ? End + TimeSpan.FromDays(1) : End).TotalMilliseconds;
    }
}
