using System.Globalization;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>
/// The cards of those who came (嘉宾卡), for those who came, on that evening. Never a name, a union or a phone: an event,
/// not a dating site (domain/overview.md 11.4).
/// </summary>
internal static class ListGuests
{
    /// <summary>How long after the evening cards can still be looked at.</summary>
    internal static readonly TimeSpan After = TimeSpan.FromHours(2);

    private const int BandYears = 5;

    /// <param name="AgeBand">周岁 on the evening, in bands of five years: 25–29.</param>
    /// <param name="Nickname">What follows is null when there is nothing that may be shown.</param>
    /// <param name="PhotoFileIds">To be seen under <c>/files/{id}</c> while the cards are.</param>
    public sealed record Item(string Plate, string? AgeBand, string? Nickname, WorkKind? WorkKind, IReadOnlyList<string>? Interests, IReadOnlyList<string>? PhotoFileIds);

    /// <summary>到场嘉宾 (cards of the guests of the other sex who were checked in), in the order of their numbers.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    /// <response code="409">no_plate, evening_over.</response>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Plate.Mark(after));
        await using var db = database.Open();
        var mine = await db.PlateOfAsync(id, caller, cancellation);
        var activity = await db.Activities.FirstAsync(a => a.Id == id, cancellation);
        if (clock.Milliseconds() >= activity.EndsAt + (long)After.TotalMilliseconds)
        {
            throw new Refusal(SinglesProblems.EveningOver);
        }

        var sex = Plate.OtherSex(mine.Sex);
        var guests = await db.PlatesSeen(id).Where(p => p.Sex == sex && p.Number > mark)
            .OrderBy(p => p.Number).Take(count + 1).ToListAsync(cancellation);
        if (guests.Count == 0)
        {
            return TypedResults.Ok(new Listing<Item>([], null));
        }

        var people = guests.Select(g => g.PersonId).ToArray();
        var facts = await MemberFacts.ReadAsync(db, people, cancellation);
        var cards = await Card.ReadAsync(db, people, cipher, cancellation);
        var day = Instants.DateOf(activity.StartsAt);
        return TypedResults.Ok(Listing<Item>.Of(
            guests,
            count,
            g => ItemOf(g.Plate, BandOf(Eligibility.AgeOn(facts[g.PersonId].BirthOn, day)), cards.GetValueOrDefault(g.PersonId)),
            g => g.Number.ToString(CultureInfo.InvariantCulture)));
    }

    private static Item ItemOf(Plate plate, string? band, Card? card) => new(plate.ToString(), band, card?.Nickname, card?.WorkKind, card?.Interests, card?.PhotoFileIds);

    private static string? BandOf(int? age) => age is { } years
        ? string.Create(CultureInfo.InvariantCulture, $"{years / BandYears * BandYears}–{(years / BandYears * BandYears) + BandYears - 1}")
        : null;
}
