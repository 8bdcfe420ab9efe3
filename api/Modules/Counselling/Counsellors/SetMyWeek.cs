using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A counsellor writes her week anew as a whole. Talks that are booked stand; only later bookings see the change.</summary>
internal static class SetMyWeek
{
    /// <param name="Version">Of my file, as it was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, AtMostItems(60)] IReadOnlyList<WeekWindow>? Windows);

    /// <param name="Version">The version now.</param>
    public sealed record Response(int Version, IReadOnlyList<WeekWindow> Windows);

    /// <summary>设置每周可约时段 (set my week).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        Check(request.Windows!);
        return TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var mine = await WeekTimes.MineAsync(db, caller, cancellation);
                var taken = await db.Counsellors.Where(c => c.Id == mine.Id && c.Version == request.Version)
                    .Set(c => c.Version, mine.Version + 1).Set(c => c.UpdatedAt, now).UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { mine.State, mine.Version } };
                }

                await WeekTimes.RefuseUnknownRoomsAsync(db, request.Windows!.Select(w => w.RoomId), cancellation);
                await db.CounsellorWindows.Where(w => w.CounsellorId == mine.Id).DeleteAsync(cancellation);
                await db.InsertManyAsync(request.Windows!.Select(w => RowOf(mine.Id, w)));
                await Audit.WriteAsync(db, caller, "set_counsellor_week", "counsellor", mine.Id, now);
                return new Response(mine.Version + 1, request.Windows!);
            },
            cancellation));
    }

    private static void Check(IReadOnlyList<WeekWindow?> windows)
    {
        for (var i = 0; i < windows.Count; i++)
        {
            var window = windows[i] ?? throw Refusal.OfField($"windows[{i}]", "请填写时段。");
            WeekTimes.Check($"windows[{i}].", window.From!, window.Until!, window.Modes!, window.RoomId);
            if (window.EffectiveUntil < window.EffectiveFrom)
            {
                throw Refusal.OfField($"windows[{i}].effectiveUntil", "结束日期应不早于开始日期。");
            }

            if (windows.Take(i).Any(w => w!.Weekday == window.Weekday && HoldTogether(w, window) && Meet(w, window)))
            {
                throw new Refusal(CounsellingProblems.WindowsOverlap);
            }
        }
    }

    private static bool HoldTogether(WeekWindow one, WeekWindow other) =>
        one.EffectiveFrom <= (other.EffectiveUntil ?? DateOnly.MaxValue) && other.EffectiveFrom <= (one.EffectiveUntil ?? DateOnly.MaxValue);

    private static bool Meet(WeekWindow one, WeekWindow other) =>
        WeekTimes.Minute(one.From!) < WeekTimes.Minute(other.Until!) && WeekTimes.Minute(other.From!) < WeekTimes.Minute(one.Until!);

    private static WindowRow RowOf(string counsellorId, WeekWindow window) => new()
    {
        Id = Ids.New(),
        CounsellorId = counsellorId,
        Weekday = window.Weekday!.Value,
        FromMinute = WeekTimes.Minute(window.From!),
        UntilMinute = WeekTimes.Minute(window.Until!),
        Modes = TalkModes.Stored(window.Modes!),
        RoomId = window.RoomId,
        EffectiveFrom = window.EffectiveFrom!.Value.Stored(),
        EffectiveUntil = window.EffectiveUntil?.Stored(),
    };
}
