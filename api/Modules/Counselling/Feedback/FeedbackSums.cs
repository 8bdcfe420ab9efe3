using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling.Feedback;

/// <summary>Sums of what clients said of a counsellor: those that are shown, and those that wait until they are of five people.</summary>
[Table("counsellor_feedback", IsColumnAttributeRequired = false)]
internal sealed record FeedbackRow
{
    [PrimaryKey]
    public required string CounsellorId { get; init; }

    public required int ShownCount { get; init; }

    public required int ShownStars { get; init; }

    public required int ShownAgain { get; init; }

    public required int WaitingCount { get; init; }

    public required int WaitingStars { get; init; }

    public required int WaitingAgain { get; init; }

    /// <summary>Raised with each showing; a client's record keeps the one in which she is counted.</summary>
    public required int Batch { get; init; }

    public required int WaitingPeople { get; init; }
}

internal sealed record Said(int Stars, bool WouldComeAgain);

/// <summary>Fewer than five and somebody would be recognised; also of what is added, so that two looks tell nothing of one talk.</summary>
internal static class FeedbackSums
{
    /// <param name="countedIn">The batch in which her last one about this counsellor was counted; 0: none.</param>
    /// <returns>The batch in which she is counted now.</returns>
    public static async Task<int> AddAsync(Db db, string counsellorId, Said said, int countedIn, CancellationToken cancellation)
    {
        var (stars, again) = (said.Stars, said.WouldComeAgain ? 1 : 0);
        if (await CountAsync() == 0)
        {
            try
            {
                await db.InsertAsync(
                    new FeedbackRow { CounsellorId = counsellorId, ShownCount = 0, ShownStars = 0, ShownAgain = 0, WaitingCount = 0, WaitingStars = 0, WaitingAgain = 0, Batch = 1, WaitingPeople = 0 }, token: cancellation);
            }
            catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
            {
                // Two first ones at once.
            }

            await CountAsync();
        }

        // The row is taken by now.
        var batch = (await db.QueryToListAsync<int>("SELECT batch FROM counsellor_feedback WHERE counsellor_id = @counsellorId", new { counsellorId }, cancellation)).Single();
        if (batch != countedIn)
        {
            await db.ExecuteAsync("UPDATE counsellor_feedback SET waiting_people = waiting_people + 1 WHERE counsellor_id = @counsellorId", new { counsellorId }, cancellation);
        }

        // What is added stands before what is taken away, for servers that see each column's new value at once.
        await db.ExecuteAsync(
            $"""
            UPDATE counsellor_feedback
            SET shown_count = shown_count + waiting_count, shown_stars = shown_stars + waiting_stars, shown_again = shown_again + waiting_again,
                waiting_count = 0, waiting_stars = 0, waiting_again = 0, batch = batch + 1, waiting_people = 0
            WHERE counsellor_id = @counsellorId AND waiting_people >= {SmallCounts.Least}
            """,
            new { counsellorId },
            cancellation);
        return batch;

        Task<int> CountAsync() => db.ExecuteAsync(
            """
            UPDATE counsellor_feedback SET waiting_count = waiting_count + 1, waiting_stars = waiting_stars + @stars, waiting_again = waiting_again + @again
            WHERE counsellor_id = @counsellorId
            """,
            new { counsellorId, stars, again },
            cancellation);
    }

    public static Task<FeedbackRow?> OfAsync(Db db, string counsellorId, CancellationToken cancellation) =>
        db.GetTable<FeedbackRow>().FirstOrDefaultAsync(f => f.CounsellorId == counsellorId, cancellation);
}
