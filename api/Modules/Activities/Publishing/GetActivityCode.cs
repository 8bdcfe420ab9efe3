using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>
/// 小程序码: on a poster, it opens the activity in the mini-program. The same activity always gets the same code, so
/// WeChat is asked each time and nothing is kept; a draft has one too, for posters are printed early.
/// </summary>
internal static class GetActivityCode
{
    public const string ContentType = "image/png";

    /// <summary>活动小程序码 (the mini-program code of an activity); its scene is the activity's id.</summary>
    internal static async Task<FileContentHttpResult> Handle(
        string id, Reach reach, IWeChat weChat, WeChatSettings settings, Database database, CancellationToken cancellation)
    {
        await using (var db = database.Open())
        {
            await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        }

        try
        {
            return TypedResults.Bytes(await weChat.MakeCodeAsync(id, settings.ActivityPage, cancellation), ContentType);
        }
        catch (WeChatException error)
        {
            throw new Refusal(error.Kind == WeChatFailure.PageUnknown
                ? ActivitiesProblems.PageNotPublished
                : IdentityProblems.Of(error.Kind, IdentityProblems.WeChatUnavailable));
        }
    }
}
