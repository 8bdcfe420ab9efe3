using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling.Feedback;

/// <summary>Sums of what clients said of a counsellor: those that are shown, and fewer than five that wait for the fifth.</summary>
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
}

/// <summary>Fewer than five and somebody would be recognised; also of what is added, so that two looks tell nothing of one talk.</summary>
internal static class FeedbackSums
{
    public static async Task AddAsync(Db db, string counsellorId, int stars, bool wouldComeAgain, CancellationToken cancellation)
    {
        var again = wouldComeAgain ? 1 : 0;
        if (await CountAsync() == 0)
        {
            try
            {
                await db.InsertAsync(
                    new FeedbackRow { CounsellorId = counsellorId, ShownCount = 0, ShownStars = 0, ShownAgain = 0, WaitingCount = 0, WaitingStars = 0, WaitingAgain = 0 }, token: cancellation);
            }
            catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
            {
                // Two first ones at once.
            }

            await CountAsync();
        }

        // The row is taken by now. What is added stands before what is taken away, for servers that see each column's new value at once.
        await db.ExecuteAsync(
            $"""
            UPDATE counsellor_feedback
            SET shown_count = shown_count + waiting_count, shown_stars = shown_stars + waiting_stars, shown_again = shown_again + waiting_again,
                waiting_count = 0, waiting_stars = 0, waiting_again = 0
            WHERE counsellor_id = @counsellorId AND waiting_count >= {SmallCounts.Least}
            """,
            new { counsellorId },
            cancellation);

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
