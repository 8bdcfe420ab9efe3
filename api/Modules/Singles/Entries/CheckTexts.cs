using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>
/// Asks the platform about the texts of entries that were handed in: at once, and again while it cannot say. Until it has,
/// nobody sees them. Whoever asks first moves the entry behind those that wait, so that none of them keeps the others back,
/// whatever becomes of the question.
/// </summary>
internal sealed class CheckTexts(
    Database database, IWeChat weChat, WeChatSettings settings, FieldCipher cipher, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    private const int Batch = 100;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    /// <summary>The platform answers for two hours after a visit: asked each hour, it is asked once at least after the next one.</summary>
    private static readonly TimeSpan AfterAway = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation) =>
        await Due.ForEachAsync(await DueAsync(cancellation), personId => CheckAsync(personId, cancellation));

    /// <summary>Nothing happens when there is nothing to ask. No transaction is open during the call.</summary>
    public async Task CheckAsync(string personId, CancellationToken cancellation)
    {
        if (await TakeAsync(personId, cancellation) is not { } entry)
        {
            return;
        }

        var openId = await OpenIdAsync(personId, cancellation);
        var verdict = openId is null
            ? ContentVerdict.WriterAway
            : await weChat.CheckTextAsync(openId, EntryForm.Of(entry, cipher).Texts, cancellation);
        var check = verdict switch
        {
            ContentVerdict.Passed => TextCheck.Passed,
            ContentVerdict.Review => TextCheck.Doubtful,
            ContentVerdict.Risky => TextCheck.Risky,
            _ => TextCheck.Pending,
        };

        // A text that was changed meanwhile is another one: then nothing is written, and it is asked about when it is handed in.
        // What the county already looked at and approved needs no second look.
        var due = check == TextCheck.Pending ? DueAfter(verdict == ContentVerdict.WriterAway ? AfterAway : Again) : (long?)null;
        await database.TransactAsync(
            async db =>
            {
                var written = await db.SinglesEntries.Where(e => e.Id == entry.Id && e.DetailsSealed == entry.DetailsSealed && e.CheckDueAt != null)
                    .Set(e => e.TextCheck, e => check == TextCheck.Doubtful && e.State == EntryState.Approved ? TextCheck.Passed : check)
                    .Set(e => e.CheckDueAt, due)
                    .UpdateAsync(cancellation);
                if (written == 1 && check == TextCheck.Risky && await db.SinglesEntries.AnyAsync(e => e.Id == entry.Id && e.State == EntryState.Approved, cancellation))
                {
                    await messenger.AddAsync(db, Hidden(entry), clock.Milliseconds());
                }
            },
            cancellation);
    }

    /// <summary>The county had approved it before the platform could say; it stands on the county's list as well.</summary>
    private static Notice Hidden(SinglesEntryRow entry) => new(
        entry.PersonId,
        "singles_text_hidden",
        "嘉宾卡暂不显示",
        "您的联谊信息文字没有通过平台的内容检查,嘉宾看不到您的嘉宾卡。请修改昵称、自我介绍、兴趣或择偶要求,然后重新提交。",
        entry.Id);

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.SinglesEntries.Where(e => e.CheckDueAt <= now).OrderBy(e => e.CheckDueAt).Take(Batch).Select(e => e.PersonId).ToListAsync(cancellation);
    }

    private Task<SinglesEntryRow?> TakeAsync(string personId, CancellationToken cancellation) =>
        database.TransactAsync(
            async db =>
            {
                var taken = await db.SinglesEntries.Where(e => e.PersonId == personId && e.CheckDueAt != null)
                    .Set(e => e.CheckDueAt, DueAfter(Again)).UpdateAsync(cancellation);
                return taken == 0 ? null : await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == personId, cancellation);
            },
            cancellation);

    private async Task<string?> OpenIdAsync(string personId, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.WeChatAccounts.Where(a => a.PersonId == personId && a.AppId == settings.AppId).Select(a => a.OpenId).FirstOrDefaultAsync(cancellation);
    }

    private long DueAfter(TimeSpan wait) => clock.Milliseconds() + (long)wait.TotalMilliseconds;
}
