using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// Who hands in, counts or voids takes the round first: its row lock puts them in one order, so a ballot is in before the
/// counting begins or finds the round closed, and of two who close it one finds it counted.
/// </summary>
internal static class Rounds
{
    /// <summary>True when the round is open and this transaction's until the commit.</summary>
    public static async Task<bool> TakeRoundAsync(this Db db, string activityId, string roundId, CancellationToken cancellation) =>
        await db.ExecuteAsync(
            "UPDATE ballot_rounds SET turn = turn + 1 WHERE id = @roundId AND activity_id = @activityId AND state = 'open'",
            new { roundId, activityId },
            cancellation) == 1;

    public static Task<BallotRoundRow?> FindRoundAsync(this Db db, string activityId, string roundId, CancellationToken cancellation) =>
        db.BallotRounds.FirstOrDefaultAsync(r => r.Id == roundId && r.ActivityId == activityId, cancellation);

    /// <summary>Ends a round that this transaction has taken: ballots and wrapped key go.</summary>
    /// <param name="by">Null when the program does.</param>
    public static async Task EndRoundAsync(
        this Db db, string roundId, RoundState state, string? by, long now, CancellationToken cancellation, int? ballots = null, int? pairs = null)
    {
        await db.Ballots.Where(b => b.RoundId == roundId).DeleteAsync(cancellation);
        await db.BallotRounds.Where(r => r.Id == roundId)
            .Set(r => r.State, state)
            .Set(r => r.LiveActivityId, r => state == RoundState.Void ? null : r.ActivityId)
            .Set(r => r.PrivateKeyWrapped, (string?)null)
            .Set(r => r.EndedBy, by)
            .Set(r => r.EndedAt, now)
            .Set(r => r.Ballots, ballots)
            .Set(r => r.Pairs, pairs)
            .UpdateAsync(cancellation);
    }
}
