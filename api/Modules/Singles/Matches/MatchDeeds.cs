using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>A match and its two sides.</summary>
/// <param name="Theirs">Null when the other person is gone from here.</param>
internal sealed record MatchSeen(MatchRow Match, MatchSideRow Mine, MatchSideRow? Theirs)
{
    public bool IsOver => Theirs is null || Mine.EndedAt is not null || Theirs.EndedAt is not null;
}

internal static class MatchDeeds
{
    /// <summary>The one word of the audit log for all that somebody does after the count, answering a follow-up included.</summary>
    public const string Deed = "change_match";

    public static async Task WriteAsync(
        Db db, string roundId, IReadOnlyList<Counting.Mutual> mutual, Dictionary<Plate, string> people, long now)
    {
        var matches = mutual.Select(m => (Row: new MatchRow
        {
            // In whose order they were decided would tell who handed in when.
            Id = Ids.Random(),
            RoundId = roundId,
            Kind = m.IsPair ? MatchKind.Pair : MatchKind.MutualInterest,
            Turn = 0,
            At = now,
        }, Mutual: m)).ToList();
        await db.InsertManyAsync(matches.Select(m => m.Row));
        await db.InsertManyAsync(matches.SelectMany(m => new[]
        {
            SideOf(m.Row.Id, people[new Plate(Plate.Man, m.Mutual.Man)]), SideOf(m.Row.Id, people[new Plate(Plate.Woman, m.Mutual.Woman)]),
        }));
    }

    /// <summary>
    /// Changes my side of a match in the order that its turn gives to both sides, and writes down that I did something
    /// about this evening, not about which match nor what: the log's readers learn neither who belongs together nor who wanted it.
    /// </summary>
    public static Task ChangeMineAsync(
        this Database database, string activityId, string matchId, Caller caller, TimeProvider clock, Func<Db, MatchSeen, long, Task> deed, CancellationToken cancellation) =>
        database.TransactAsync(
            async db =>
            {
                await db.ExecuteAsync("UPDATE matches SET turn = turn + 1 WHERE id = @matchId", new { matchId }, cancellation);
                var seen = (await db.MatchesOfAsync(activityId, caller.PersonId, cancellation)).Find(m => m.Match.Id == matchId)
                    ?? throw new Refusal(CommonProblems.NotFound);
                var now = clock.Milliseconds();
                await deed(db, seen, now);
                await Audit.WriteAsync(db, caller, Deed, "activity", activityId, now);
            },
            cancellation);

    /// <summary>My matches of an evening, in no order that says anything.</summary>
    public static async Task<List<MatchSeen>> MatchesOfAsync(this Db db, string activityId, string personId, CancellationToken cancellation)
    {
        var rounds = db.BallotRounds;
        var matches = await (
            from match in db.Matches
            join side in db.MatchSides on match.Id equals side.MatchId
            where side.PersonId == personId && rounds.Any(r => r.Id == match.RoundId && r.ActivityId == activityId)
            orderby match.Id
            select match).ToListAsync(cancellation);
        var ids = matches.Select(m => m.Id).ToArray();
        var sides = (await db.MatchSides.Where(s => ids.Contains(s.MatchId)).ToListAsync(cancellation)).ToLookup(s => s.MatchId);
        return [.. matches.Select(m => new MatchSeen(m, sides[m.Id].First(s => s.PersonId == personId), sides[m.Id].FirstOrDefault(s => s.PersonId != personId)))];
    }

    private static MatchSideRow SideOf(string matchId, string personId) => new() { Id = Ids.Random(), MatchId = matchId, PersonId = personId };
}
