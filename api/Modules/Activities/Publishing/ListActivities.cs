using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>What is going on? Needs no sign-in.</summary>
internal static class ListActivities
{
    /// <param name="AllocationRule">How places are given, in words for workers.</param>
    /// <param name="Left">Places left in all groups together just now; it may lag, decisions never do.</param>
    /// <param name="HasCover">There is an image at <c>/activities/{id}/cover</c>.</param>
    /// <param name="ServerTime">The server's clock, for counting down to the opening.</param>
    public sealed record Item(
        string Id, ActivityKind Kind, string Title, Phase Phase, string Place, Allocation Allocation, string AllocationRule, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int Capacity, int Left, bool HasCover, DateTimeOffset ServerTime);

    /// <summary>活动列表 (activities), those that begin soonest first.</summary>
    /// <param name="kind">One kind only.</param>
    /// <param name="division">Code of 6, 9 or 12 digits: there and below.</param>
    /// <param name="phase">announced, open, closed, running, finished or archived; not given: all that are not over.</param>
    /// <param name="from">Begins on this day or later, yyyy-MM-dd.</param>
    /// <param name="to">Begins on this day or earlier.</param>
    /// <param name="words">Part of the title.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? kind, string? division, string? phase, DateOnly? from, DateOnly? to, string? words, int? take, string? after, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var found = db.Activities.Where(a => a.State == ActivityState.Published)
            .InPhase(phase, now).OfKind(kind).In(division).Between(from, to).Titled(words);
        if (after is not null)
        {
            var (startsAt, id) = MarkOf(after);
            found = found.Where(a => a.StartsAt > startsAt || (a.StartsAt == startsAt && a.Id.CompareTo(id) > 0));
        }

        var activities = await found.OrderBy(a => a.StartsAt).ThenBy(a => a.Id).Take(count + 1).ToListAsync(cancellation);
        var places = await Places.OfAsync(db, activities, cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            activities, count, a => ItemOf(a, places[a.Id].Capacity, places[a.Id].Taken, now), a => $"{a.StartsAt.ToString(CultureInfo.InvariantCulture)}-{a.Id}"));
    }

    private static (long StartsAt, string Id) MarkOf(string after)
    {
        var dash = after.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(after.AsSpan(0, dash), CultureInfo.InvariantCulture, out var startsAt) && Ids.IsId(after[(dash + 1)..])
            ? (startsAt, after[(dash + 1)..])
            : throw Page.WrongAfter();
    }

    private static Item ItemOf(ActivityRow a, int capacity, int taken, long now) => new(
        a.Id, a.Kind, a.Title, Phases.Of(a, now), a.Place, a.Allocation, AllocationWords.Of(a), Instants.At(a.OpensAt), Instants.At(a.ClosesAt), Instants.At(a.StartsAt), Instants.At(a.EndsAt), capacity, capacity - taken, a.CoverFileId is not null, Instants.At(now));
}
