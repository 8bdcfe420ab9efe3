using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Messages;

namespace WeChatUnion.Api.Modules.Counselling.Telling;

/// <param name="At">Of the deed: hers are told in this order.</param>
internal sealed record WaitingNotice(Notice Notice, long At, StandingTalk? Standing);

internal sealed record StandingTalk(string AppointmentId, long StartsAt);

/// <summary>
/// What clients will be told. A message names its reader and its instant, and a deed of the staff stands in the audit log
/// with its own: written together they would join the two. So what is to be told waits, under lock, for the next round.
/// </summary>
internal sealed class ClientNotices(CaseKeys keys)
{
    private static readonly long Hour = CounsellingSettings.Hours(1);
    private static readonly long TenMinutes = Hour / 6;

    /// <summary>
    /// The next full hour; the next ten minutes when the talk it is about begins within three hours, and at once when even
    /// that would come after its beginning, or into quiet hours that end shortly before it.
    /// </summary>
    public static long RoundAfter(long now, long? startsAt)
    {
        var round = Next(startsAt is { } start && start - now < 3 * Hour ? TenMinutes : Hour);
        if (IsTooLate(round))
        {
            round = Next(TenMinutes);
        }

        return IsTooLate(round) ? now : round;

        long Next(long step) => ((now / step) + 1) * step;

        bool IsTooLate(long at) => startsAt is { } begins
            && (at >= begins || (!QuietHours.Cover(now) && QuietHours.Cover(at) && begins < QuietHours.Morning(at) + (4 * Hour)));
    }

    /// <summary>Stands in the transaction of the deed, as the message itself would.</summary>
    /// <param name="standing">Told only while this talk stands at this time.</param>
    public Task AddAsync(Db db, Notice notice, long? startsAt, long now, CancellationToken cancellation, StandingTalk? standing = null)
    {
        var id = Ids.Random();
        var locked = keys.LockJson(NoticeRow.NoticePlace, id, new WaitingNotice(notice, now, standing));
        return db.InsertAsync(new NoticeRow { Id = id, DueAt = RoundAfter(now, startsAt), NoticeLocked = locked }, token: cancellation);
    }

    public WaitingNotice Open(NoticeRow row) => keys.UnlockJson<WaitingNotice>(NoticeRow.NoticePlace, row.Id, row.NoticeLocked);

    /// <summary>She is to be forgotten, and told nothing any more. The table holds an hour's worth.</summary>
    public async Task ForgetAsync(Db db, string personId, CancellationToken cancellation)
    {
        foreach (var row in (await db.CounsellingNotices.ToListAsync(cancellation)).Where(r => Open(r).Notice.PersonId == personId))
        {
            await db.CounsellingNotices.Where(n => n.Id == row.Id).DeleteAsync(cancellation);
        }
    }
}
