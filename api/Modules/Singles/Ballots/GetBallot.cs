using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>What a guest sees of the round and of her own ballot: never what it says.</summary>
internal static class GetBallot
{
    /// <param name="RoundId">The newest round; null before the first.</param>
    /// <param name="HandedInAt">When I last handed in; null when I did not, and once the round has ended.</param>
    public sealed record Response(string? RoundId, RoundState? State, DateTimeOffset? HandedInAt);

    /// <summary>我的选票 (the round and my ballot).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(string id, Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.PlateOfAsync(id, caller, cancellation);
        var round = await db.BallotRounds.Where(r => r.ActivityId == id).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellation);
        var handedInAt = round is null
            ? null
            : await db.Ballots.Where(b => b.RoundId == round.Id && b.PersonId == caller.PersonId).Select(b => (long?)b.HandedInAt).FirstOrDefaultAsync(cancellation);
        return TypedResults.Ok(new Response(round?.Id, round?.State, Instants.At(handedInAt)));
    }
}
