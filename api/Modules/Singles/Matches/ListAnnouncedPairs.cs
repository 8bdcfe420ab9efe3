using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>What the host may read out: pairs of whom both agreed to that, by their plates.</summary>
internal static class ListAnnouncedPairs
{
    public sealed record Item(string Man, string Woman);

    /// <summary>可公布的牵手名单 (pairs that may be announced), by the men's numbers.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.FindEveningAsync(id, reach, cancellation);
        var rounds = db.BallotRounds;
        var sides = await (
            from side in db.MatchSides
            join match in db.Matches on side.MatchId equals match.Id
            join plate in db.Plates on side.PersonId equals plate.PersonId
            where match.Kind == MatchKind.Pair && rounds.Any(r => r.Id == match.RoundId && r.ActivityId == id)
                && plate.ActivityId == id && side.AnnouncementAgreedAt != null && side.EndedAt == null
            select new { side.MatchId, plate }).ToListAsync(cancellation);
        var pairs = sides.GroupBy(s => s.MatchId, s => s.plate).Where(p => p.Count() == 2)
            .Select(p => (Man: p.First(x => x.Sex == Plate.Man).Plate, Woman: p.First(x => x.Sex == Plate.Woman).Plate))
            .OrderBy(p => p.Man.Number);
        return TypedResults.Ok(new Listing<Item>([.. pairs.Select(p => new Item(p.Man.ToString(), p.Woman.ToString()))], null));
    }
}
