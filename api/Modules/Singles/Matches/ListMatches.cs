using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>Those whom I chose and who chose me. Of anybody else nothing is known here.</summary>
internal static class ListMatches
{
    /// <param name="IsOver">I or the other one ended it; who did is not told.</param>
    /// <param name="HaveAgreedToContact">I agreed to exchange contacts with this person. Whether the other one did is told by the contact itself.</param>
    /// <param name="Phone">Of the other one, while both agree and for so many days.</param>
    /// <param name="ShownUntil">Until then contacts are shown; null before both have agreed.</param>
    /// <param name="HaveAgreedToAnnouncement">I agreed that we are announced; only pairs are.</param>
    public sealed record Item(
        string Id, MatchKind Kind, string? Plate, bool IsOver, bool HaveAgreedToContact, string? Phone, DateTimeOffset? ShownUntil, bool HaveAgreedToAnnouncement);

    /// <summary>我的互选结果 (those who chose me as I chose them), pairs first, by their plates.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, Caller caller, Database database, SinglesRules rules, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.PlateOfAsync(id, caller, cancellation);
        var matches = await db.MatchesOfAsync(id, caller.PersonId, cancellation);
        var now = clock.Milliseconds();
        var people = matches.Where(m => m.Theirs is not null).Select(m => m.Theirs!.PersonId).ToArray();
        var plates = await db.Plates.Where(p => p.ActivityId == id && people.Contains(p.PersonId)).ToDictionaryAsync(p => p.PersonId, p => p.Plate, cancellation);
        var items = new List<Item>(matches.Count);
        foreach (var (seen, plate) in matches.Select(m => (Seen: m, Plate: PlateOf(m, plates))).OrderBy(m => m.Seen.Match.Kind).ThenBy(m => m.Plate?.Number))
        {
            items.Add(await ItemOfAsync(db, seen, plate, rules, cipher, now, cancellation));
        }

        return TypedResults.Ok(new Listing<Item>(items, null));
    }

    private static Plate? PlateOf(MatchSeen seen, Dictionary<string, Plate> plates) =>
        seen.Theirs is { } theirs && plates.TryGetValue(theirs.PersonId, out var plate) ? plate : null;

    private static async Task<Item> ItemOfAsync(
        Db db, MatchSeen seen, Plate? plate, SinglesRules rules, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var until = Contact.ShownUntil(seen, rules);
        var phone = now < until ? await UnmaskablePhone.FindAsync(db, cipher, seen.Theirs!.PersonId, cancellation) : null;
        return new Item(
            seen.Match.Id,
            seen.Match.Kind,
            plate?.ToString(),
            seen.IsOver,
            seen.Mine.ContactAgreedAt is not null,
            phone?.Value,
            Instants.At(until),
            seen.Mine.AnnouncementAgreedAt is not null);
    }
}
