using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The organiser's list: all activities of the unions in her reach, drafts included.</summary>
internal static class ListOfficeActivities
{
    public sealed record Item(
        string Id, int Version, ActivityState State, Phase Phase, ActivityKind Kind, string Title, string UnionId, DateTimeOffset StartsAt, int Capacity, int Taken);

    /// <summary>活动管理清单 (activities of my unions), newest first.</summary>
    /// <param name="state">draft, awaiting_approval, published or cancelled; not given: all.</param>
    /// <param name="kind">One kind only.</param>
    /// <param name="from">Begins on this day or later, yyyy-MM-dd.</param>
    /// <param name="to">Begins on this day or earlier.</param>
    /// <param name="words">Part of the title.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, string? kind, DateOnly? from, DateOnly? to, string? words, int? take, string? after, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var activities = await db.Activities
            .Where(a => ancestors.Any(u => u.UnionId == a.UnionId && reach.UnionIds.Contains(u.AncestorId)))
            .InState(state).OfKind(kind).Between(from, to).Titled(words)
            .Where(a => mark == null || a.Id.CompareTo(mark) < 0)
            .OrderByDescending(a => a.Id).Take(count + 1).ToListAsync(cancellation);
        var places = await Places.OfAsync(db, activities, cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            activities,
            count,
            a => new Item(
                a.Id, a.Version, a.State, Phases.Of(a, now), a.Kind, a.Title, a.UnionId, Instants.At(a.StartsAt), places[a.Id].Capacity, places[a.Id].Taken),
            a => a.Id));
    }
}

/// <summary>Capacity and taken places of some activities, all groups together.</summary>
internal static class Places
{
    public static async Task<Dictionary<string, (int Capacity, int Taken)>> OfAsync(
        Db db, IReadOnlyCollection<ActivityRow> activities, CancellationToken cancellation)
    {
        var ids = activities.Select(a => a.Id).ToArray();
        var sums = await db.ActivityGroups.Where(g => ids.Contains(g.ActivityId)).GroupBy(g => g.ActivityId)
            .Select(g => new { g.Key, Capacity = g.Sum(x => x.Capacity), Taken = g.Sum(x => x.Taken) }).ToListAsync(cancellation);
        return sums.ToDictionary(s => s.Key, s => (s.Capacity, s.Taken));
    }
}
