using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>The rounds of an evening as its host sees them: how many ballots are in, never whose.</summary>
internal static class ListRounds
{
    /// <param name="Guests">How many have a plate.</param>
    /// <param name="Ballots">Handed in so far, or counted; those that chose nobody are among them.</param>
    /// <param name="Pairs">牵手; null until counted.</param>
    public sealed record Item(
        string Id, RoundState State, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, int Guests, int Ballots, int? Pairs);

    /// <summary>互选轮次 (rounds of an evening), the newest first.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.FindEveningAsync(id, reach, cancellation);
        var guests = await db.Plates.CountAsync(p => p.ActivityId == id, cancellation);
        var rounds = await db.BallotRounds.Where(r => r.ActivityId == id).OrderByDescending(r => r.Id).Take(Page.Most).ToListAsync(cancellation);
        var open = rounds.Find(r => r.State == RoundState.Open)?.Id;
        var handedIn = open is null ? 0 : await db.Ballots.CountAsync(b => b.RoundId == open, cancellation);
        return TypedResults.Ok(new Listing<Item>(
            [.. rounds.Select(r => new Item(
                r.Id, r.State, Instants.At(r.OpenedAt), Instants.At(r.EndedAt), guests, r.Id == open ? handedIn : r.Ballots ?? 0, r.Pairs))],
            null));
    }
}
