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

    /// <summary>我的互选结果 (those who chose me as I chose them).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, Caller caller, Database database, SinglesRules rules, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.PlateOfAsync(id, caller, cancellation);
        var matches = await db.MatchesOfAsync(id, caller.PersonId, cancellation);
        var now = clock.Milliseconds();
        var items = new List<Item>(matches.Count);
        foreach (var seen in matches)
        {
            items.Add(await ItemOfAsync(db, id, seen, rules, cipher, now, cancellation));
        }

        return TypedResults.Ok(new Listing<Item>(items, null));
    }

    private static async Task<Item> ItemOfAsync(
        Db db, string id, MatchSeen seen, SinglesRules rules, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var plate = seen.Theirs is { } theirs
            ? await db.Plates.FirstOrDefaultAsync(p => p.ActivityId == id && p.PersonId == theirs.PersonId, cancellation)
            : null;
        var until = Contact.ShownUntil(seen, rules);
        var phone = now < until ? await UnmaskablePhone.FindAsync(db, cipher, seen.Theirs!.PersonId, cancellation) : null;
        return new Item(
            seen.Match.Id,
            seen.Match.Kind,
            plate?.Plate.ToString(),
            seen.IsOver,
            seen.Mine.ContactAgreedAt is not null,
            phone?.Value,
            Instants.At(until),
            seen.Mine.AnnouncementAgreedAt is not null);
    }
}
