using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Photos;

/// <summary>
/// Asks the platform about photos of entries that were handed in. It fetches each by an address that nobody can guess and
/// that lives an hour, and pushes its word within that time (wechat-platform.md 1.12); where none comes, or it cannot be
/// asked, the photo stays unseen and it is asked again, and after some tries the county is to look.
/// </summary>
internal sealed class CheckPhotos(Database database, IWeChat weChat, WeChatSettings settings, TimeProvider clock) : IPeriodicTask
{
    private const int Batch = 50;
    private const int TokenLength = 32;

    /// <summary>A day without a word, or four hours in which it cannot be asked or cannot fetch the photo.</summary>
    public const int MostTimes = 24;

    public static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        photo => settings.PublicAddress is { } address && photo.AskedTimes < MostTimes ? AskAsync(photo, address, cancellation) : GiveUpAsync(photo, cancellation));

    /// <summary>What a stored photo is found by.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private async Task<List<SinglesPhotoRow>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.SinglesPhotos.Where(p => p.CheckDueAt <= now).OrderBy(p => p.CheckDueAt).Take(Batch).ToListAsync(cancellation);
    }

    /// <summary>Also where the platform has no address to fetch it from. A late word still counts.</summary>
    private Task GiveUpAsync(SinglesPhotoRow photo, CancellationToken cancellation) => database.TransactAsync(
        db => db.SinglesPhotos.Where(p => p.Id == photo.Id && p.CheckDueAt == photo.CheckDueAt)
            .Set(p => p.CheckDueAt, (long?)null).Set(p => p.Look, PhotoLook.Unanswered).UpdateAsync(cancellation),
        cancellation);

    /// <summary>Whatever becomes of the question, the photo waits behind the others from now on. No transaction is open during the call.</summary>
    private async Task AskAsync(SinglesPhotoRow photo, Uri address, CancellationToken cancellation)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength));
        var (shownBy, until) = (HashOf(token), clock.Milliseconds() + (long)Shown.TotalMilliseconds);
        var openId = await TakeAsync(photo, shownBy, until, cancellation);
        if (openId is null)
        {
            return;
        }

        var asked = await weChat.CheckImageAsync(openId, new Uri(address, $"api/v1/content-checks/{token}"), cancellation);
        await database.TransactAsync(
            db => db.SinglesPhotos.Where(p => p.Id == photo.Id && p.ShownBy == shownBy)
                .Set(p => p.TraceId, asked.TraceId)
                .Set(p => p.ShownBy, asked.TraceId is null ? null : shownBy)
                .Set(p => p.CheckDueAt, asked.TraceId is null && !asked.IsWriterAway ? clock.Milliseconds() + (long)Again.TotalMilliseconds : until)
                .UpdateAsync(cancellation),
            cancellation);
    }

    /// <summary>Whom the platform knows the photo's owner by; null when another node took it, or it does not know her.</summary>
    private Task<string?> TakeAsync(SinglesPhotoRow photo, string shownBy, long until, CancellationToken cancellation) =>
        database.TransactAsync(
            async db =>
            {
                var taken = await db.SinglesPhotos.Where(p => p.Id == photo.Id && p.CheckDueAt == photo.CheckDueAt)
                    .Set(p => p.ShownBy, shownBy).Set(p => p.ShownUntil, until).Set(p => p.CheckDueAt, until).Set(p => p.TraceId, (string?)null)
                    .Set(p => p.AskedTimes, p => p.AskedTimes + 1)
                    .UpdateAsync(cancellation);
                var owner = db.SinglesEntries.Where(e => e.Id == photo.EntryId).Select(e => e.PersonId);
                return taken == 0
                    ? null
                    : await db.WeChatAccounts.Where(a => a.AppId == settings.AppId && owner.Contains(a.PersonId)).Select(a => a.OpenId).FirstOrDefaultAsync(cancellation);
            },
            cancellation);
}
