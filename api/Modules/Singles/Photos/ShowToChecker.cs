using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;

namespace WeChatUnion.Api.Modules.Singles.Photos;

/// <summary>The platform's checker fetches one photo by the word it was given; the word is good for an hour and until it has spoken.</summary>
internal static class ShowToChecker
{
    /// <summary>供平台检查的图片 (an image for the platform's checker).</summary>
    internal static async Task<IResult> Handle(
        string place, StoredFiles files, Database database, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        var (shownBy, now) = (CheckPhotos.HashOf(place), clock.Milliseconds());
        await using var db = database.Open();
        var shown = db.SinglesPhotos.Where(p => p.ShownBy == shownBy && p.ShownUntil > now).Select(p => p.FileId);
        var file = await db.Files.FirstOrDefaultAsync(f => shown.Contains(f.Id), cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return await files.AnswerAsync(db, file, isPublic: false, http, cancellation);
    }
}
