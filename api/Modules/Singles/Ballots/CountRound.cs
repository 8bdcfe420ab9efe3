using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Singles.Matches;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// Opens the ballots of a round in memory, counts them and forgets them, in the transaction that has taken the round: it
/// writes who chose each other and deletes ballots and wrapped key, so a program that is killed meanwhile leaves the round
/// open or counted, nothing between.
/// </summary>
internal sealed class CountRound(SinglesRules rules, IMessenger messenger, TimeProvider clock, ILogger<CountRound> logger)
{
    /// <summary>Parts for each processor: each part imports the round's key once, and the last one keeps the others waiting no longer than that.</summary>
    private const int Parts = 4;

    public async Task CountAsync(Db db, ActivityRow evening, BallotRoundRow round, string closingKey, Caller caller, CancellationToken cancellation)
    {
        var ballotKey = rules.BallotKeyBytes ?? throw new Refusal(SinglesProblems.BallotKeyMissing);
        using var roundKey = BallotSeal.Unwrap(round.Id, round.PublicKey, round.PrivateKeyWrapped!, closingKey, ballotKey)
            ?? throw new Refusal(SinglesProblems.ClosingKeyWrong);
        var now = clock.Milliseconds();
        var plates = await db.Plates.Where(p => p.ActivityId == evening.Id).ToDictionaryAsync(p => p.PersonId, cancellation);
        var rows = await db.Ballots.Where(b => b.RoundId == round.Id).ToListAsync(cancellation);
        var people = plates.Values.ToDictionary(p => p.Plate, p => p.PersonId);
        var blocks = await Blocks.AmongAsync(db, plates.Keys, cancellation);
        var start = Stopwatch.GetTimestamp();
        var ballots = Open(round, roundKey, rows, plates);
        var mutual = Counting.Count(
            ballots[Plate.Man],
            ballots[Plate.Woman],
            (man, woman) => !blocks.Contains((people[new Plate(Plate.Man, man)], people[new Plate(Plate.Woman, woman)])));
        logger.LogInformation(
            "Round {Round} of {Ballots} ballots opened and counted in {Milliseconds} ms", round.Id, rows.Count, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        await MatchDeeds.WriteAsync(db, round.Id, mutual, people, now);
        await db.EndRoundAsync(round.Id, RoundState.Counted, caller.PersonId, now, cancellation, ballots.Sum(b => b.Count()), mutual.Count(m => m.IsPair));
        await Audit.WriteAsync(db, caller, "count_ballots", "ballot_round", round.Id, now);

        // Everybody is told the same, so that who was told says nothing.
        await messenger.AddAsync(
            db,
            [.. plates.Keys.Order(StringComparer.Ordinal).Select(personId => new Notice(
                personId, "ballot_counted", "互选已计票", $"“{evening.Title}”的互选已计票,请在活动页面查看。只有双方互相选择的才会显示。", evening.Id))],
            now);
    }

    /// <summary>
    /// Opened by all processors: of a ballot's time nearly all is the curve's, and of that half is the check that its point lies
    /// on it. One that does not open was tampered with, one without a plate is of somebody who is gone: it counts as none, and
    /// does not hold up the others.
    /// </summary>
    private ILookup<string, Counting.Ballot> Open(
        BallotRoundRow round, BallotSeal.RoundKey roundKey, List<BallotRow> rows, Dictionary<string, PlateRow> plates)
    {
        var opened = new (string Sex, Counting.Ballot Ballot)?[rows.Count];
        var atOnce = Math.Max(1, rows.Count / (Parts * Environment.ProcessorCount));
        Parallel.ForEach(Partitioner.Create(rows.Index().Chunk(atOnce), EnumerablePartitionerOptions.NoBuffering), some =>
        {
            using var key = roundKey.Import();
            foreach (var (i, row) in some)
            {
                opened[i] = plates.TryGetValue(row.PersonId, out var plate) ? OpenOne(round, roundKey, key, row, plate.Plate) : null;
            }
        });
        return opened.Where(o => o is not null).Select(o => o!.Value).ToLookup(o => o.Sex, o => o.Ballot);
    }

    private (string Sex, Counting.Ballot Ballot)? OpenOne(
        BallotRoundRow round, BallotSeal.RoundKey roundKey, ECDiffieHellman imported, BallotRow row, Plate plate)
    {
        try
        {
            var place = new BallotPlace(round.Id, row.PersonId, plate, row.HandedInAt);
            return (plate.Sex, new Counting.Ballot(plate.Number, BallotSeal.Open(roundKey, imported, place, row.Content), row.HandedInAt));
        }
        catch (CryptographicException)
        {
            logger.LogWarning("A ballot of round {Round} does not open and was not counted", round.Id);
            return null;
        }
    }
}
