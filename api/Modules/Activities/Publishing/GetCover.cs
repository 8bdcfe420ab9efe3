using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The picture of an activity. Needs no sign-in: a picture in a page carries no token.</summary>
internal static class GetCover
{
    /// <summary>活动封面 (the cover of an activity), once it is published.</summary>
    internal static async Task<IResult> Handle(
        string id, StoredFiles files, Database database, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var activity = await db.Activities.FirstOrDefaultAsync(a => a.Id == id, cancellation);
        if (activity?.CoverFileId is null || Phases.Of(activity, clock.Milliseconds()) == Phase.Unpublished)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        var file = await db.Files.FirstAsync(f => f.Id == activity.CoverFileId, cancellation);
        return await files.AnswerAsync(db, file, isPublic: true, http, cancellation);
    }
}
