using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A counsellor says that she is away on some days, or can be booked on a day that her week leaves out.</summary>
internal static class AddOtherDays
{
    private const int MostDays = 366;

    /// <param name="IsOpen">True: open besides the week, also on holidays. False: time off.</param>
    /// <param name="From">With time off: from when on each of the days; usual 00:00.</param>
    /// <param name="Until">With time off: usual 24:00.</param>
    /// <param name="Modes">Needed when open.</param>
    public sealed record Request(
        [property: Needed] DateOnly? FirstOn,
        [property: Needed] DateOnly? LastOn,
        [property: Needed] bool? IsOpen,
        [property: Form(WeekTimes.Pattern, WeekTimes.Sentence)] string? From,
        [property: Form(WeekTimes.Pattern, WeekTimes.Sentence)] string? Until,
        [property: AtMostItems(3)] IReadOnlyList<TalkMode>? Modes,
        [property: Id] string? RoomId);

    /// <param name="BookedMeanwhile">Talks within the time off: they stand until I move or cancel them.</param>
    public sealed record Response(OtherDays Days, IReadOnlyList<string> BookedMeanwhile);

    /// <summary>登记例外日或休假 (days on which my week is otherwise).</summary>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        var (from, until) = Check(request);
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                var mine = await WeekTimes.MineAsync(db, caller, cancellation);
                await Booking.Cells.TakeTurnsAsync(db, [mine.Id], cancellation);
                await WeekTimes.RefuseUnknownRoomsAsync(db, [request.RoomId], cancellation);
                await db.InsertAsync(
                    new ExceptionRow
                    {
                        Id = id,
                        CounsellorId = mine.Id,
                        FirstOn = request.FirstOn!.Value.Stored(),
                        LastOn = request.LastOn!.Value.Stored(),
                        IsOpen = request.IsOpen!.Value,
                        FromMinute = WeekTimes.Minute(from),
                        UntilMinute = WeekTimes.Minute(until),
                        Modes = request.IsOpen.Value ? TalkModes.Stored(request.Modes!) : "",
                        RoomId = request.IsOpen.Value ? request.RoomId : null,
                    },
                    token: cancellation);
                await Audit.WriteAsync(db, caller, "add_counsellor_days", "counsellor", mine.Id, now);
            },
            cancellation);
        await using var db = database.Open();
        var row = await db.CounsellorExceptions.FirstOrDefaultAsync(e => e.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Created("/api/v1/office/me/counsellor", new Response(WeekTimes.Of(row), await BookedAsync(db, row, cancellation)));
    }

    private static (string From, string Until) Check(Request request)
    {
        if (request.LastOn < request.FirstOn || request.LastOn!.Value.DayNumber - request.FirstOn!.Value.DayNumber > MostDays)
        {
            throw Refusal.OfField("lastOn", "最后一天应不早于第一天,且不超过一年。");
        }

        var (from, until) = (request.From ?? "00:00", request.Until ?? "24:00");
        if (!request.IsOpen!.Value)
        {
            WeekTimes.Check("", from, until, [TalkMode.Phone], null);
            return (from, until);
        }

        if (request.From is null || request.Until is null)
        {
            throw Refusal.OfField(request.From is null ? "from" : "until", "此项必填。");
        }

        WeekTimes.Check("", from, until, request.Modes ?? [], request.RoomId);
        return (from, until);
    }

    private static async Task<IReadOnlyList<string>> BookedAsync(Db db, ExceptionRow row, CancellationToken cancellation)
    {
        if (row.IsOpen)
        {
            return [];
        }

        var (first, end) = (Instants.StartOf(Instants.Date(row.FirstOn)), Instants.StartOf(Instants.Date(row.LastOn)) + CounsellingSettings.Hours(24));
        var rows = await db.Appointments
            .Where(a => a.CounsellorId == row.CounsellorId && a.State == AppointmentState.Booked && a.StartsAt >= first && a.StartsAt < end)
            .OrderBy(a => a.StartsAt).ToListAsync(cancellation);
        return [.. rows.Where(a => MinuteOf(a.StartsAt) < row.UntilMinute && row.FromMinute < MinuteOf(a.EndsAt - 1) + 1).Select(a => a.Id)];
    }

    private static int MinuteOf(long instant) => (int)Instants.At(instant).TimeOfDay.TotalMinutes;
}
