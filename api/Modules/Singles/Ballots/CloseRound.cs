using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// The host closes the round with her closing key. The key is taken as it comes and kept nowhere, not even as a hash under
/// an idempotency key: the round itself is what a repeat finds.
/// </summary>
internal static class CloseRound
{
    /// <param name="ClosingKey">结束码, as it was shown when the round was opened. Blanks, dashes and capitals do not matter.</param>
    public sealed record Request([property: Needed, LengthBetween(32, 60)] string? ClosingKey);

    /// <param name="Ballots">How many were counted, those that chose nobody included.</param>
    /// <param name="Pairs">牵手.</param>
    public sealed record Response(string Id, RoundState State, DateTimeOffset EndedAt, int Ballots, int Pairs);

    /// <summary>结束互选并计票 (close the round and count). Repeating it answers the same.</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">closing_key_wrong, round_void, ballot_key_missing.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, string roundId, Request request, Caller caller, Reach reach, Database database, CountRound counting, CancellationToken cancellation) =>
        TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var isOpen = await db.TakeRoundAsync(id, roundId, cancellation);
                var evening = await db.FindEveningAsync(id, reach, cancellation);
                var round = await db.FindRoundAsync(id, roundId, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                if (isOpen)
                {
                    await counting.CountAsync(db, evening, round, request.ClosingKey!, caller, cancellation);
                    round = (await db.FindRoundAsync(id, roundId, cancellation))!;
                }

                return round.State == RoundState.Void
                    ? throw new Refusal(SinglesProblems.RoundVoid)
                    : new Response(round.Id, round.State, Instants.At(round.EndedAt!.Value), round.Ballots!.Value, round.Pairs!.Value);
            },
            cancellation));
}
