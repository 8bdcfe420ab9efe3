using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Feedback;

/// <summary>What clients said of a counsellor, never of one talk.</summary>
internal static class ReadFeedback
{
    /// <param name="Count">Of talks; what is younger waits until it is of five more people.</param>
    /// <param name="Stars">The mean, 1 to 5; null before the first five.</param>
    /// <param name="WouldComeAgain">0 to 1; likewise.</param>
    public sealed record Response(int Count, double? Stars, double? WouldComeAgain);

    /// <summary>对我的评价 (what clients said of me).</summary>
    internal static async Task<Ok<Response>> HandleMine(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(Of(await FeedbackSums.OfAsync(db, (await WeekTimes.MineAsync(db, caller, cancellation)).Id, cancellation)));
    }

    /// <summary>对一位咨询师的评价 (what clients said of her).</summary>
    internal static async Task<Ok<Response>> HandleOf(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(Of(await FeedbackSums.OfAsync(db, (await ListCounsellorFiles.FindAsync(db, id, reach, cancellation)).Id, cancellation)));
    }

    private static Response Of(FeedbackRow? row) => row is { ShownCount: > 0 }
        ? new Response(row.ShownCount, Math.Round((double)row.ShownStars / row.ShownCount, 2), Math.Round((double)row.ShownAgain / row.ShownCount, 2))
        : new Response(0, null, null);
}
