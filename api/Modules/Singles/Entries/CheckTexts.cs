using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>
/// Asks the platform about the texts of entries that were handed in: at once, and again every ten minutes while it cannot say.
/// Until it has, nobody sees them.
/// </summary>
internal sealed class CheckTexts(Database database, IWeChat weChat, WeChatSettings settings, FieldCipher cipher, TimeProvider clock) : IPeriodicTask
{
    private const int Batch = 100;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellation) =>
        await Due.ForEachAsync(await DueAsync(cancellation), personId => CheckAsync(personId, cancellation));

    /// <summary>Nothing happens when there is nothing to ask. No transaction is open during the call.</summary>
    public async Task CheckAsync(string personId, CancellationToken cancellation)
    {
        var (entry, openId) = await ReadAsync(personId, cancellation);
        if (entry is null || openId is null)
        {
            return;
        }

        var verdict = await weChat.CheckTextAsync(openId, EntryForm.Of(entry, cipher).Texts, cancellation);
        var check = verdict switch
        {
            ContentVerdict.Passed => TextCheck.Passed,
            ContentVerdict.Review => TextCheck.Doubtful,
            ContentVerdict.Risky => TextCheck.Risky,
            _ => TextCheck.Pending,
        };
        var due = check == TextCheck.Pending ? clock.Milliseconds() + (long)Again.TotalMilliseconds : (long?)null;

        // A text that was changed meanwhile is another one: then nothing is written, and it is asked about when it is handed in.
        // What the county already looked at and approved needs no second look.
        await database.TransactAsync(
            db => db.SinglesEntries.Where(e => e.Id == entry.Id && e.DetailsSealed == entry.DetailsSealed && e.CheckDueAt != null)
                .Set(e => e.TextCheck, e => check == TextCheck.Doubtful && e.State == EntryState.Approved ? TextCheck.Passed : check)
                .Set(e => e.CheckDueAt, due)
                .UpdateAsync(cancellation),
            cancellation);
    }

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.SinglesEntries.Where(e => e.CheckDueAt <= now).OrderBy(e => e.CheckDueAt).Take(Batch).Select(e => e.PersonId).ToListAsync(cancellation);
    }

    private async Task<(SinglesEntryRow? Entry, string? OpenId)> ReadAsync(string personId, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return (
            await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == personId && e.CheckDueAt != null, cancellation),
            await db.WeChatAccounts.Where(a => a.PersonId == personId && a.AppId == settings.AppId).Select(a => a.OpenId).FirstOrDefaultAsync(cancellation));
    }
}
