using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Telling;

/// <summary>
/// What clients will be told. A message names its reader and its instant, and a deed of the staff stands in the audit log
/// with its own: written together they would join the two. So what is to be told waits, under lock, for the next round.
/// </summary>
internal sealed class ClientNotices(CaseKeys keys)
{
    private static readonly long Hour = CounsellingSettings.Hours(1);
    private static readonly long TenMinutes = Hour / 6;

    /// <summary>The next full hour; the next ten minutes when the talk it is about begins within three hours.</summary>
    public static long RoundAfter(long now, long? startsAt)
    {
        var step = startsAt is { } start && start - now < 3 * Hour ? TenMinutes : Hour;
        return ((now / step) + 1) * step;
    }

    /// <summary>Stands in the transaction of the deed, as the message itself would.</summary>
    public Task AddAsync(Db db, Notice notice, long? startsAt, long now, CancellationToken cancellation)
    {
        var id = Ids.Random();
        var locked = keys.Lock(NoticeRow.NoticePlace, id, JsonSerializer.Serialize(notice, ContractJson.Stored));
        return db.InsertAsync(new NoticeRow { Id = id, DueAt = RoundAfter(now, startsAt), NoticeLocked = locked }, token: cancellation);
    }

    public Notice Open(NoticeRow row) => JsonSerializer.Deserialize<Notice>(keys.Unlock(NoticeRow.NoticePlace, row.Id, row.NoticeLocked), ContractJson.Stored)!;

    /// <summary>She is to be forgotten, and told nothing any more. The table holds an hour's worth.</summary>
    public async Task ForgetAsync(Db db, string personId, CancellationToken cancellation)
    {
        foreach (var row in (await db.CounsellingNotices.ToListAsync(cancellation)).Where(r => Open(r).PersonId == personId))
        {
            await db.CounsellingNotices.Where(n => n.Id == row.Id).DeleteAsync(cancellation);
        }
    }
}
