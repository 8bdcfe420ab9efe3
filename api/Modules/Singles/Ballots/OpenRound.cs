using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>The host opens the round of choosing; her device is shown the closing key, once.</summary>
internal static class OpenRound
{
    /// <param name="ClosingKey">结束码: needed to count the ballots. It is kept nowhere and cannot be had again; without it the round can only be voided.</param>
    public sealed record Response(string Id, RoundState State, DateTimeOffset OpenedAt, string ClosingKey);

    /// <summary>开启互选 (open the round of choosing).</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">ballot_key_missing, too_few_guests, round_live, activity_cancelled.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Caller caller, Reach reach, Database database, SinglesRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        var ballotKey = rules.BallotKeyBytes ?? throw new Refusal(SinglesProblems.BallotKeyMissing);
        var roundId = Ids.New();
        var round = BallotSeal.Open(roundId, ballotKey);
        var now = clock.Milliseconds();
        try
        {
            await database.TransactAsync(
                async db =>
                {
                    await RefuseAsync(db, id, reach, cancellation);
                    var row = new BallotRoundRow
                    {
                        Id = roundId,
                        ActivityId = id,
                        LiveActivityId = id,
                        State = RoundState.Open,
                        PublicKey = round.PublicKey,
                        PrivateKeyWrapped = round.PrivateKeyWrapped,
                        Turn = 0,
                        OpenedBy = caller.PersonId,
                        OpenedAt = now,
                    };
                    await db.InsertAsync(row, token: cancellation);
                    await Audit.WriteAsync(db, caller, "open_ballot_round", "ballot_round", roundId, now);
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(SinglesProblems.RoundLive);
        }

        return TypedResults.Created((string?)null, new Response(roundId, RoundState.Open, Instants.At(now), round.ClosingKey));
    }

    private static async Task RefuseAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var evening = await db.FindEveningAsync(id, reach, cancellation);
        if (evening.State != ActivityState.Published)
        {
            throw new Refusal(evening.State == ActivityState.Cancelled ? ActivitiesProblems.ActivityCancelled : CommonProblems.NotFound);
        }

        if (await db.PlatesSeen(id).Select(p => p.Sex).Distinct().CountAsync(cancellation) < 2)
        {
            throw new Refusal(SinglesProblems.TooFewGuests);
        }
    }
}
