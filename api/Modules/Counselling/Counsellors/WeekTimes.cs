using System.Globalization;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A weekly time in which talks can be booked.</summary>
/// <param name="Weekday">1 Monday to 7 Sunday; 8: on weekends that are worked (调休). On public holidays the week does not hold.</param>
/// <param name="From">When the first talk may begin, e.g. 09:00; tens of minutes.</param>
/// <param name="Until">When the last one must have ended; up to 24:00.</param>
/// <param name="RoomId">Needed for talks in person.</param>
/// <param name="EffectiveFrom">The first day on which it holds.</param>
/// <param name="EffectiveUntil">The last one; null: for good.</param>
public sealed record WeekWindow(
    [property: Needed, Between(1, 8)] int? Weekday,
    [property: Needed, Form(WeekTimes.Pattern, WeekTimes.Sentence)] string? From,
    [property: Needed, Form(WeekTimes.Pattern, WeekTimes.Sentence)] string? Until,
    [property: Needed, AtMostItems(3)] IReadOnlyList<TalkMode>? Modes,
    [property: Id] string? RoomId,
    [property: Needed] DateOnly? EffectiveFrom,
    DateOnly? EffectiveUntil);

/// <summary>Days on which the week is otherwise.</summary>
/// <param name="IsOpen">True: open besides the week, also on holidays. False: time off.</param>
public sealed record OtherDays(string Id, DateOnly FirstOn, DateOnly LastOn, bool IsOpen, string From, string Until, IReadOnlyList<TalkMode> Modes, string? RoomId);

/// <summary>Times of day in forms and in the database.</summary>
internal static class WeekTimes
{
    public const string Pattern = "^(([01][0-9]|2[0-3]):[0-5]0|24:00)$";
    public const string Sentence = "请填写整十分钟的时间,例如 09:00。";

    public static int Minute(string time) =>
        (int.Parse(time.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(time.AsSpan(3), CultureInfo.InvariantCulture);

    public static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>A time of a week or of another day must have a length, a way to talk, and a room to talk in.</summary>
    public static void Check(string field, string from, string until, IReadOnlyList<TalkMode> modes, string? roomId)
    {
        if (Minute(from) >= Minute(until))
        {
            throw Refusal.OfField($"{field}until", "结束时间应晚于开始时间。");
        }

        if (modes.Count == 0 || modes.Any(m => !Enum.IsDefined(m)))
        {
            throw Refusal.OfField($"{field}modes", "请至少选择一种咨询方式。");
        }

        if (modes.Contains(TalkMode.InPerson) && roomId is null)
        {
            throw Refusal.OfField($"{field}roomId", "面谈需要选择咨询室。");
        }
    }

    /// <summary>The caller's own file; without one there is no week.</summary>
    public static async Task<CounsellorRow> MineAsync(Db db, Caller caller, CancellationToken cancellation) =>
        await db.Counsellors.FirstOrDefaultAsync(c => c.PersonId == caller.PersonId, cancellation)
        ?? throw new Refusal(CounsellingProblems.NoCounsellorFile);

    public static async Task RefuseUnknownRoomsAsync(Db db, IEnumerable<string?> roomIds, CancellationToken cancellation)
    {
        var asked = roomIds.OfType<string>().Distinct().ToList();
        if (asked.Count > 0 && await db.CounsellingRooms.CountAsync(r => asked.Contains(r.Id) && r.IsOpen, cancellation) < asked.Count)
        {
            throw new Refusal(CounsellingProblems.RoomUnknown);
        }
    }

    public static OtherDays Of(ExceptionRow e) =>
        new(e.Id, Instants.Date(e.FirstOn), Instants.Date(e.LastOn), e.IsOpen, Time(e.FromMinute), Time(e.UntilMinute), TalkModes.Read(e.Modes), e.RoomId);

    public static WeekWindow Of(WindowRow w) => new(
        w.Weekday, Time(w.FromMinute), Time(w.UntilMinute), TalkModes.Read(w.Modes), w.RoomId, Instants.Date(w.EffectiveFrom), Instants.DateOrNone(w.EffectiveUntil));
}
