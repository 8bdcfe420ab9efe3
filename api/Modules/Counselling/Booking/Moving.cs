using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>Moves a booked talk to another time, room or counsellor in one transaction: both times are hers, or the old one stays.</summary>
internal sealed class Moving(CounsellingSettings settings)
{
    /// <param name="line">Who waits for a talk: what suits one of them is hers; nobody when a counsellor moves.</param>
    /// <param name="noticeHours">So long before the new time at least; a counsellor may move at the last moment.</param>
    /// <returns>The talk as it is now.</returns>
    public async Task<AppointmentRow> MoveAsync(Db db, AppointmentRow before, WishedTime wish, IReadOnlyCollection<WishRow> line, int noticeHours, long now, CancellationToken cancellation)
    {
        var counsellorId = wish.CounsellorId ?? before.CounsellorId;
        await Cells.TakeTurnsAsync(db, new[] { before.CounsellorId, counsellorId }.Distinct(), cancellation);
        var rules = settings with { BookingNoticeHours = noticeHours };
        var slot = (await Timetable.AtAsync(db, rules, counsellorId, wish.StartsAt, now, cancellation, except: before.Id))
            .FirstOrDefault(s => s.Modes.Contains(wish.Mode) && !line.Any(w => Wishes.Suits(w, s)))
            ?? throw new Refusal(CounsellingProblems.SlotGone);
        var after = before with
        {
            CounsellorId = slot.Counsellor.Id,
            RoomId = wish.Mode == TalkMode.InPerson ? slot.RoomId : null,
            Mode = wish.Mode,
            FirstCell = slot.FirstCell,
            CellCount = slot.CellCount,
            StartsAt = slot.StartsAt,
            EndsAt = slot.EndsAt,
            Version = before.Version + 1,
        };
        return await PutAsync(db, before, after, now, cancellation);
    }

    /// <summary>Whoever comes here has the counsellors' turns; the key of the cells stands behind it.</summary>
    public static async Task<AppointmentRow> PutAsync(Db db, AppointmentRow before, AppointmentRow after, long now, CancellationToken cancellation)
    {
        await Lapses.ClearAsync(db, after.CounsellorId, after.RoomId, now, cancellation);
        var moved = await db.Appointments
            .Where(a => a.Id == before.Id && a.State == before.State && a.Version == before.Version)
            .Set(a => a.State, after.State)
            .Set(a => a.CounsellorId, after.CounsellorId)
            .Set(a => a.RoomId, after.RoomId)
            .Set(a => a.Mode, after.Mode)
            .Set(a => a.FirstCell, after.FirstCell)
            .Set(a => a.CellCount, after.CellCount)
            .Set(a => a.StartsAt, after.StartsAt)
            .Set(a => a.EndsAt, after.EndsAt)
            .Set(a => a.Version, after.Version)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
        }

        await Cells.FreeAsync(db, before.Id, cancellation);
        return await Cells.TakeAsync(db, after, cancellation) ? after : throw new Refusal(CounsellingProblems.SlotGone);
    }
}
