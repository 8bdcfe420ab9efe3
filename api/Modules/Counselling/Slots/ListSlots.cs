using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Slots;

/// <summary>When could I talk to somebody? Reckoned anew each time, so it shows what is free at this moment.</summary>
internal static class ListSlots
{
    /// <param name="Modes">Ways that are possible at this time.</param>
    public sealed record Item(string CounsellorId, string CounsellorName, string Sex, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<TalkMode> Modes);

    /// <param name="Next">Give this as after for the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next, IReadOnlyList<Hotline> Hotlines);

    /// <summary>可约时间 (times that can be booked), soonest first; not those that will be offered to somebody who waits.</summary>
    /// <param name="from">On this day or later, yyyy-MM-dd; not given: from today.</param>
    /// <param name="to">On this day or earlier; not given: as far as there are slots.</param>
    /// <param name="counsellor">One counsellor only.</param>
    /// <param name="mode">in_person, phone or video.</param>
    /// <param name="sex">1 or 2: a counsellor of this sex only (code table sex).</param>
    internal static async Task<Ok<Response>> Handle(
        DateOnly? from, DateOnly? to, string? counsellor, string? mode, string? sex, int? take, string? after, Caller caller, Wishes wishes, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = MarkOf(after);
        var wanted = TalkModes.Asked(mode);
        if (counsellor is not null && !Ids.IsId(counsellor))
        {
            throw Refusal.OfField("counsellor", "请填写咨询师的编号。");
        }

        if (sex is not (null or "1" or "2"))
        {
            throw Refusal.OfField("sex", "请从 1(男)、2(女)中选择。");
        }

        var now = clock.Milliseconds();
        var today = Instants.DateOf(now);
        var (first, last) = (Later(from ?? today, today), Earlier(to ?? today.AddDays(settings.HorizonDays), today.AddDays(settings.HorizonDays)));
        if (mark is { } seen)
        {
            first = Later(first, Instants.DateOf(seen.StartsAt));
        }

        await using var db = database.Open();
        var table = await Timetable.DeclaredAsync(db, settings, counsellor, first, last, now, cancellation);
        var line = await wishes.OfOthersAsync(db, caller.PersonId, cancellation);
        var found = new List<Slot>();
        for (var (day, known) = (first, first.AddDays(-1)); day <= last && found.Count <= count && table.Counsellors.Count > 0; day = day.AddDays(1))
        {
            // A page is mostly full after a day or two; each time that it is not, twice as many are looked at.
            if (day > known)
            {
                known = Earlier(day.AddDays(known < first ? 0 : known.DayNumber - first.DayNumber + 1), last);
                await table.ReadTakenAsync(db, day, known, cancellation);
            }

            found.AddRange(table.OfDay(day).Where(s =>
                (wanted is null || s.Modes.Contains(wanted.Value)) && (sex is null || s.Counsellor.Sex == sex) && IsAfter(s, mark) && !line.Any(w => Wishes.Suits(w, s))));
        }

        var next = found.Count > count ? string.Create(CultureInfo.InvariantCulture, $"{found[count - 1].StartsAt}-{found[count - 1].Counsellor.Id}") : null;
        return TypedResults.Ok(new Response([.. found.Take(count).Select(ItemOf)], next, Hotline.All(settings)));
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    private static bool IsAfter(Slot slot, (long StartsAt, string Id)? mark) =>
        mark is not { } seen || slot.StartsAt > seen.StartsAt || (slot.StartsAt == seen.StartsAt && string.CompareOrdinal(slot.Counsellor.Id, seen.Id) > 0);

    private static Item ItemOf(Slot slot) => new(
        slot.Counsellor.Id, slot.Counsellor.Name, slot.Counsellor.Sex, Instants.At(slot.StartsAt), Instants.At(slot.EndsAt), slot.Modes);

    private static (long StartsAt, string Id)? MarkOf(string? after)
    {
        const long Farthest = 253_370_000_000_000;
        if (after is null)
        {
            return null;
        }

        var dash = after.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(after.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var startsAt) && startsAt < Farthest && Ids.IsId(after[(dash + 1)..])
            ? (startsAt, after[(dash + 1)..])
            : throw Page.WrongAfter();
    }
}
