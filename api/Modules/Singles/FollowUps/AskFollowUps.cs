using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Singles.FollowUps;

/// <summary>
/// Asks both of a pair how it goes, a week, a month and six months after they chose each other. Nobody has to answer. Where
/// one of the two has ended it, or is gone, neither is asked any more.
/// </summary>
internal sealed class AskFollowUps(Database database, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    private const int Batch = 200;
    private const int DaysAWeek = 7;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        foreach (var window in Windows(Instants.At(now)))
        {
            while (await database.TransactAsync(db => AskSomeAsync(db, window, now, cancellation), cancellation) == Batch)
            {
            }
        }
    }

    /// <summary>Each question has its time until the next one's; one that was missed is not asked later.</summary>
    private static IEnumerable<Window> Windows(DateTimeOffset now) =>
    [
        new("week", FollowUpStage.Week, now.AddMonths(-1), now.AddDays(-DaysAWeek)),
        new("month", FollowUpStage.Month, now.AddMonths(-6), now.AddMonths(-1)),
        new("half_year", FollowUpStage.HalfYear, now.AddMonths(-9), now.AddMonths(-6)),
    ];

    private async Task<int> AskSomeAsync(Db db, Window window, long now, CancellationToken cancellation)
    {
        var asked = await db.QueryToListAsync<Asked>(
            $"""
            SELECT s.match_id, s.person_id, r.activity_id FROM match_sides s
                JOIN matches m ON m.id = s.match_id JOIN ballot_rounds r ON r.id = m.round_id
            WHERE m.kind = 'pair' AND m.at > @since AND m.at <= @until
                AND (SELECT COUNT(*) FROM match_sides both_sides WHERE both_sides.match_id = m.id AND both_sides.ended_at IS NULL) = 2
                AND NOT EXISTS (SELECT 1 FROM match_follow_ups f WHERE f.match_id = m.id AND f.person_id = s.person_id AND f.stage = @Word)
            ORDER BY m.id, s.person_id LIMIT {Batch}
            """,
            new { since = window.From.ToUnixTimeMilliseconds(), until = window.Until.ToUnixTimeMilliseconds(), window.Word },
            cancellation);
        if (asked.Count == 0)
        {
            return 0;
        }

        await db.InsertManyAsync(asked.Select(a => new FollowUpRow
        {
            Id = Ids.Random(),
            MatchId = a.MatchId,
            PersonId = a.PersonId,
            Stage = window.Stage,
            AskedAt = now,
        }));
        await messenger.AddAsync(
            db,
            [.. asked.Select(a => new Notice(
                a.PersonId, "singles_follow_up", "联谊回访", "您在联谊活动中结识的嘉宾近况如何?欢迎在“单身联谊”的回访中告诉我们。自愿填写,只用于统计,对方看不到。", a.ActivityId))],
            now);
        return asked.Count;
    }

    /// <summary>Of matches that were made within it.</summary>
    private sealed record Window(string Word, FollowUpStage Stage, DateTimeOffset From, DateTimeOffset Until);

    private sealed record Asked
    {
        public required string MatchId { get; init; }

        public required string PersonId { get; init; }

        public required string ActivityId { get; init; }
    }
}
