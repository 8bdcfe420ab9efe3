using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Counsellors;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor's week: her own talks, under the names that clients gave themselves.</summary>
internal static class ListTalks
{
    private const int MostDays = 62;

    /// <param name="State">held: somebody is filling in the form.</param>
    /// <param name="Alias">Null while held.</param>
    /// <param name="Room">Of a talk in person.</param>
    /// <param name="CancelReason">What whoever cancelled it wrote; null when it stands, or without words.</param>
    /// <param name="Phone">Of the client, from an hour before a talk by phone.</param>
    public sealed record Item(
        string Id, AppointmentState State, DateTimeOffset StartsAt, DateTimeOffset EndsAt, TalkMode Mode, string? Alias, string? Room, string? Phone, string? CancelReason, int Version);

    /// <param name="Items">By time.</param>
    /// <param name="IsReadingLocked">Somebody else set my password: names, numbers and reasons come back when a supervisor has vouched for me.</param>
    public sealed record Response(IReadOnlyList<Item> Items, bool IsReadingLocked);

    /// <summary>我的日程 (my talks).</summary>
    /// <param name="from">yyyy-MM-dd; not given: today.</param>
    /// <param name="to">The last day; not given: a week from then.</param>
    internal static async Task<Ok<Response>> Handle(
        DateOnly? from, DateOnly? to, Caller caller, AppointmentDeeds deeds, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (now, first) = (clock.Milliseconds(), from ?? clock.Today());
        var last = to ?? (first.DayNumber > DateOnly.MaxValue.DayNumber - MostDays ? first : first.AddDays(6));
        if (last < first || last.DayNumber - first.DayNumber > MostDays || last == DateOnly.MaxValue)
        {
            throw Refusal.OfField("to", "结束日期应不早于开始日期,且相隔不超过 62 天。");
        }

        await using var db = database.Open();
        var mine = await WeekTimes.MineAsync(db, caller, cancellation);
        var (starts, ends) = (Instants.StartOf(first), Instants.StartOf(last.AddDays(1)));
        var rooms = db.CounsellingRooms;
        var rows = await db.Appointments
            .Where(a => a.CounsellorId == mine.Id && a.StartsAt >= starts && a.StartsAt < ends && a.State != AppointmentState.Lapsed
                && (a.State != AppointmentState.Held || a.HeldUntil > now))
            .LeftJoin(rooms, (a, r) => a.RoomId == r.Id, (a, r) => new { Talk = a, Room = r })
            .OrderBy(r => r.Talk.StartsAt).ThenBy(r => r.Talk.Id).ToListAsync(cancellation);
        if (await CaseFile.IsLockedAsync(db, mine, cancellation))
        {
            return TypedResults.Ok(new Response([.. rows.Select(r => ItemOf(r.Talk, r.Room?.Name, words: null, cancelReason: null, now))], IsReadingLocked: true));
        }

        var reasons = await deeds.CancelReasonsAsync(db, rows.Select(r => r.Talk), cancellation);
        return TypedResults.Ok(new Response(
            [.. rows.Select(r => ItemOf(r.Talk, r.Room?.Name, deeds.WordsOf(r.Talk), reasons.GetValueOrDefault(r.Talk.Id), now))], IsReadingLocked: false));
    }

    private static Item ItemOf(AppointmentRow talk, string? room, ClientWords? words, string? cancelReason, long now) => new(
        talk.Id,
        talk.State,
        Instants.At(talk.StartsAt),
        Instants.At(talk.EndsAt),
        talk.Mode,
        words?.Alias,
        room,
        AppointmentSummaries.IsContactShown(talk, now) ? words?.Phone : null,
        cancelReason,
        talk.Version);
}
