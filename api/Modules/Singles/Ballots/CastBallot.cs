using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// A guest hands in her choice or replaces it. It takes no idempotency key: its row would hold a hash of the choice, and
/// there are few choices to try.
/// </summary>
internal static class CastBallot
{
    /// <param name="RoundId">The round that is open.</param>
    /// <param name="Choices">Up to three plates of the other sex in order of liking, e.g. 女03; empty: nobody this time (暂不选择).</param>
    public sealed record Request(
        [property: Needed, Id] string? RoundId, [property: Needed, AtMostItems(BallotSeal.MostChoices)] IReadOnlyList<string>? Choices);

    /// <param name="HandedInAt">All that is said of a ballot until the round is counted; it may be replaced until then.</param>
    public sealed record Response(string RoundId, DateTimeOffset HandedInAt);

    /// <summary>交选票 (hand in or replace my ballot).</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">no_plate, round_not_open, ballot_closed, round_void, singles_consent_needed, plate_unknown, ballot_key_missing.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Database database, SinglesRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        var choices = Read(request.Choices!);
        var ballotKey = rules.BallotKeyBytes ?? throw new Refusal(SinglesProblems.BallotKeyMissing);
        return TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var isOpen = await db.TakeRoundAsync(id, request.RoundId!, cancellation);
                var mine = await db.PlateOfAsync(id, caller, cancellation);
                var round = await db.FindRoundAsync(id, request.RoundId!, cancellation) ?? throw new Refusal(SinglesProblems.RoundNotOpen);
                if (!isOpen)
                {
                    throw new Refusal(round.State == RoundState.Void ? SinglesProblems.RoundVoid : SinglesProblems.BallotClosed);
                }

                // Read in the round's turn: who takes it back meanwhile waits for this ballot, and deletes it.
                if (await db.LiveConsentAsync(caller.PersonId, SinglesConsents.Purpose, cancellation) is null)
                {
                    throw new Refusal(SinglesProblems.ConsentNeeded);
                }

                await RefuseAsync(db, id, mine, choices, cancellation);
                var now = clock.Milliseconds();
                var content = BallotSeal.Seal(round.PublicKey, ballotKey, new BallotPlace(round.Id, caller.PersonId, mine.Plate, now), [.. choices.Select(c => c.Number)]);
                await WriteAsync(db, round.Id, caller.PersonId, content, now, cancellation);
                await Audit.WriteAsync(db, caller, "cast_ballot", "ballot_round", round.Id, now);
                return new Response(round.Id, Instants.At(now));
            },
            cancellation));
    }

    private static List<Plate> Read(IReadOnlyList<string> choices)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            if (!Plate.IsPlate(choices[i]))
            {
                throw Refusal.OfField($"choices[{i}]", "请填写号牌,例如 女03。");
            }
        }

        var plates = choices.Select(Plate.Read).ToList();
        return plates.Distinct().Count() == plates.Count ? plates : throw Refusal.OfField("choices", "同一个号牌只能选一次。");
    }

    private static async Task RefuseAsync(Db db, string id, PlateRow mine, List<Plate> choices, CancellationToken cancellation)
    {
        if (choices.FindIndex(c => c.Sex == mine.Sex) is >= 0 and var same)
        {
            throw Refusal.OfField($"choices[{same}]", mine.Sex == Plate.Man ? "请选择女嘉宾的号牌。" : "请选择男嘉宾的号牌。");
        }

        var numbers = choices.Select(c => c.Number).ToArray();
        var other = Plate.OtherSex(mine.Sex);
        if (numbers.Length > 0
            && await db.PlatesSeen(id).CountAsync(p => p.Sex == other && numbers.Contains(p.Number), cancellation) != numbers.Length)
        {
            throw new Refusal(SinglesProblems.PlateUnknown);
        }
    }

    private static async Task WriteAsync(Db db, string roundId, string personId, string content, long now, CancellationToken cancellation)
    {
        var replaced = await db.Ballots.Where(b => b.RoundId == roundId && b.PersonId == personId)
            .Set(b => b.Content, content).Set(b => b.HandedInAt, now).UpdateAsync(cancellation);
        if (replaced == 0)
        {
            await db.InsertAsync(
                new BallotRow { Id = Ids.New(), RoundId = roundId, PersonId = personId, Content = content, HandedInAt = now }, token: cancellation);
        }
    }
}
