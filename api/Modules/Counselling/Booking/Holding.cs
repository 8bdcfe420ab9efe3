using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>Which time somebody wishes.</summary>
/// <param name="CounsellorId">Null: any.</param>
/// <param name="Sex">Of the counsellor; null: any.</param>
internal sealed record WishedTime(string? CounsellorId, string? Sex, TalkMode Mode, long StartsAt);

/// <summary>Keeps a time for a client. Client first, then the line, then counsellors, then cells: everybody in this order.</summary>
internal sealed class Holding(ClientRecords clients, ConsentText text, CaseKeys keys, Wishes wishes, CounsellingSettings settings)
{
    public async Task HoldAsync(Db db, string id, Caller caller, WishedTime wish, long now, CancellationToken cancellation)
    {
        var client = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
        await RefuseOrGiveUpOpenAsync(db, keys.IdOf("open", caller.PersonId), cancellation);
        var talks = await AppointmentDeeds.OfClientAsync(db, client.Record, cancellation);
        FreeTalks.RefuseUsed(settings, client.Record, talks, wish.StartsAt);
        MissedTalks.Refuse(talks);
        var until = now + (long)TimeSpan.FromMinutes(settings.HoldMinutes).TotalMilliseconds;
        var line = await wishes.OfOthersAsync(db, caller.PersonId, cancellation);
        if (!await KeepAsync(db, id, client, caller.PersonId, wish, until, line, now, cancellation))
        {
            throw new Refusal(CounsellingProblems.SlotGone);
        }
    }

    /// <summary>Keeps the time for a client whose row is taken and who may have it.</summary>
    /// <param name="line">Who waits for a talk: what suits one of them is hers.</param>
    /// <returns>False when nobody is free then.</returns>
    public async Task<bool> KeepAsync(
        Db db, string id, (ClientRow Row, ClientRecord Record) client, string personId, WishedTime wish, long until, IReadOnlyCollection<WishRow> line, long now, CancellationToken cancellation)
    {
        foreach (var counsellor in await WhomToAskAsync(db, wish, now, cancellation))
        {
            // Now that it is her turn, what is read of her stays true until the commit.
            await Cells.TakeTurnsAsync(db, [counsellor], cancellation);
            if ((await FitAsync(db, wish with { CounsellorId = counsellor }, now, cancellation)).FirstOrDefault() is not { } slot || line.Any(w => Wishes.Suits(w, slot)))
            {
                continue;
            }

            var row = RowOf(id, slot, wish.Mode, keys.IdOf("open", personId), client.Row.Id, until);
            await Lapses.ClearAsync(db, row.CounsellorId, row.RoomId, now, cancellation);
            await db.InsertAsync(row, token: cancellation);
            if (await Cells.TakeAsync(db, row, cancellation))
            {
                await clients.SaveAsync(db, client.Row.Id, client.Record with { Appointments = [.. client.Record.Appointments, id] }, cancellation);
                return true;
            }

            await db.Appointments.Where(a => a.Id == id).DeleteAsync(cancellation);
        }

        return false;
    }

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
    /// The counsellors to ask, one after the other: whoever has fewest talks before her comes first, then who has had none for
    /// longest, then by id. Those who wish any counsellor follow each other, so that each is counted for the next.
    /// </summary>
    private async Task<IReadOnlyList<string>> WhomToAskAsync(Db db, WishedTime wish, long now, CancellationToken cancellation)
    {
        if (wish.CounsellorId is { } one)
        {
            return [one];
        }

        await Wishes.TakeTurnAsync(db, cancellation);
        var standing = (await FitAsync(db, wish, now, cancellation)).Select(s => s.Counsellor.Id).ToList();
        if (standing.Count < 2)
        {
            return standing;
        }

        // The newest is found from the end of the index; the years before it are not looked at.
        const string Live = "state IN ('held', 'booked', 'arrived', 'done', 'no_show')";
        var loads = await db.QueryAmongAsync<Load>(
            $"""
            SELECT id AS counsellor_id,
                (SELECT COUNT(*) FROM appointments a WHERE a.counsellor_id = counsellors.id AND a.starts_at >= @now AND a.{Live}) AS upcoming,
                COALESCE((SELECT a.starts_at FROM appointments a WHERE a.counsellor_id = counsellors.id AND a.starts_at < @now AND a.{Live} ORDER BY a.starts_at DESC LIMIT 1), 0) AS newest
            FROM counsellors WHERE id IN (@among)
            """,
            standing,
            cancellation,
            ("now", now));
        var byId = loads.ToDictionary(l => l.CounsellorId);
        return [.. standing
            .OrderBy(id => byId[id].Upcoming)
            .ThenBy(id => byId[id].Newest)
            .ThenBy(id => id, StringComparer.Ordinal)];
    }

    private async Task<List<Slot>> FitAsync(Db db, WishedTime wish, long now, CancellationToken cancellation) =>
        [.. (await Timetable.AtAsync(db, settings, wish.CounsellorId, wish.StartsAt, now, cancellation)).Where(s =>
            s.Modes.Contains(wish.Mode) && (wish.Sex is null || s.Counsellor.Sex == wish.Sex))];

    private AppointmentRow RowOf(string id, Slot slot, TalkMode mode, string openClient, string clientId, long until) => new()
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
        HeldUntil = until,
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
