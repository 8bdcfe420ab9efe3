using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>The closing key is lost: nobody can open the ballots any more, so they are deleted and a new round may be opened.</summary>
internal static class VoidRound
{
    /// <summary>作废互选 (void the round). Repeating it changes nothing.</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">round_counted.</response>
    internal static async Task<NoContent> Handle(
        string id, string roundId, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var isOpen = await db.TakeRoundAsync(id, roundId, cancellation);
                await db.FindEveningAsync(id, reach, cancellation);
                var round = await db.FindRoundAsync(id, roundId, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                if (round.State == RoundState.Counted)
                {
                    throw new Refusal(SinglesProblems.RoundCounted);
                }

                if (isOpen)
                {
                    var now = clock.Milliseconds();
                    await db.EndRoundAsync(roundId, RoundState.Void, caller.PersonId, now, cancellation);
                    await Audit.WriteAsync(db, caller, "void_ballot_round", "ballot_round", roundId, now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
