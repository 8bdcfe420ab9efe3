using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Messages.Pushes;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Photos;

/// <summary>
/// The platform's word on one photo, whenever it comes. What it doubts or forbids is not shown from that instant on, though the county
/// had looked and guests had seen it: the photo stands on the county's list, and its owner is told what she can do.
/// </summary>
internal sealed class FollowWord(IMessenger messenger)
{
    private const string Verdict = "wxa_media_check";

    public async Task FollowAsync(Db db, PushMessage message, long now, CancellationToken cancellation)
    {
        if (message.Event != Verdict || message.Of("trace_id") is not { Length: > 0 and <= 100 } trace || !trace.All(char.IsAscii))
        {
            return;
        }

        var entries = db.SinglesEntries;
        var photo = await (
            from asked in db.SinglesPhotos
            join entry in entries on asked.EntryId equals entry.Id
            where asked.TraceId == trace
            select new Asked(asked.Id, entry)).FirstOrDefaultAsync(cancellation);
        if (photo is null)
        {
            if (await db.SinglesPhotos.AnyAsync(p => p.ShownBy != null && p.TraceId == null && p.ShownUntil > now, cancellation))
            {
                // Its trace may be on its way into the database; the platform repeats what is not acknowledged.
                throw new Refusal(CommonProblems.Unavailable);
            }

            return;
        }

        var check = (message.Of("errcode") ?? "0", message.Of("result.suggest")) switch
        {
            ("0", "pass") => TextCheck.Passed,
            ("0", "review") => TextCheck.Doubtful,
            ("0", "risky") => TextCheck.Risky,
            _ => TextCheck.Pending,
        };
        await WriteAsync(db, photo, trace, check, now, cancellation);
    }

    /// <summary>A word is never taken back by a milder one: only a photo of which nothing is known passes.</summary>
    private async Task WriteAsync(Db db, Asked photo, string trace, TextCheck check, long now, CancellationToken cancellation)
    {
        var it = db.SinglesPhotos.Where(p => p.Id == photo.Id && p.TraceId == trace);
        await it.Set(p => p.ShownBy, (string?)null).Set(p => p.ShownUntil, (long?)null).UpdateAsync(cancellation);
        switch (check)
        {
            case TextCheck.Passed:
                await it.Where(p => p.ContentCheck == TextCheck.Pending)
                    .Set(p => p.ContentCheck, check).Set(p => p.CheckDueAt, (long?)null).Set(p => p.Look, (PhotoLook?)null).UpdateAsync(cancellation);
                return;
            case TextCheck.Pending:
                await it.Where(p => p.ContentCheck == TextCheck.Pending && p.CheckDueAt != null)
                    .Set(p => p.CheckDueAt, now + (long)CheckPhotos.Again.TotalMilliseconds).UpdateAsync(cancellation);
                return;
        }

        var isRisky = check == TextCheck.Risky;
        var hidden = await it
            .Where(p => p.ContentCheck == TextCheck.Pending || p.ContentCheck == TextCheck.Passed || (isRisky && p.ContentCheck == TextCheck.Doubtful))
            .Set(p => p.ContentCheck, check)
            .Set(p => p.CheckDueAt, (long?)null)
            .Set(p => p.Look, isRisky ? PhotoLook.Risky : PhotoLook.Doubtful)
            .UpdateAsync(cancellation);
        if (hidden == 1 && photo.Entry.State == EntryState.Approved)
        {
            await messenger.AddAsync(
                db,
                new Notice(
                    photo.Entry.PersonId,
                    "singles_photo_hidden",
                    "一张生活照暂不显示",
                    isRisky
                        ? "您的一张生活照没有通过平台的内容检查,已不再向嘉宾显示。请在联谊信息中换一张或删去这张,然后重新提交。"
                        : "您的一张生活照需要县总工会再看一遍,看过之前不向嘉宾显示。您可以等候结果,也可以在联谊信息中换一张后重新提交。",
                    photo.Entry.Id),
                now);
        }
    }

    private sealed record Asked(string Id, SinglesEntryRow Entry);
}
