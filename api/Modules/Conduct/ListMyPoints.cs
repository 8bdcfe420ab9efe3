using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Conduct.Appeals;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>Which points do I have, what for, until when, and what follows?</summary>
internal static class ListMyPoints
{
    /// <param name="IsLiving">Still counts.</param>
    /// <param name="SourceKind">Which kind of record gave them, e.g. <c>enrolment</c>.</param>
    /// <param name="SourceTitle">What it was, e.g. the activity's title; null when the record is gone.</param>
    /// <param name="Appeal">Where my newest appeal against them stands; null when I made none.</param>
    public sealed record Item(
        string Id, ConductKind Kind, int Weight, DateTimeOffset At, DateTimeOffset ExpiresAt, bool IsLiving, string SourceKind, string SourceId, string? SourceTitle, AppealState? Appeal, DateTimeOffset? LiftedAt);

    /// <param name="Total">Of the living ones.</param>
    /// <param name="DelayHours">So much later sign-ups open for me; null when they stay closed.</param>
    /// <param name="Rules">What gives points and what follows, in words.</param>
    public sealed record Response(int Total, int? DelayHours, string Rules, IReadOnlyList<Item> Items);

    /// <summary>我的守约记分 (my points).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, Database database, ConductRules rules, ConductLedger ledger, ConductSources sources, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var points = await ledger.OfPersonAsync(db, caller.PersonId, cancellation);
        var appeals = (await db.ConductAppeals.Where(a => a.PersonId == caller.PersonId).OrderBy(a => a.Id).ToListAsync(cancellation))
            .ToLookup(a => a.PointId, a => (AppealState?)a.State);
        var total = points.Where(p => p.IsLiving(now)).Sum(p => p.Weight);
        var items = new List<Item>();
        foreach (var point in points)
        {
            var source = await sources.DescribeAsync(db, point, cancellation);
            items.Add(new Item(
                point.Id,
                point.Kind,
                point.Weight,
                Instants.At(point.At),
                Instants.At(point.ExpiresAt),
                point.IsLiving(now),
                point.SourceKind,
                point.SourceId,
                source?.Title,
                appeals[point.Id].LastOrDefault(),
                Instants.At(point.LiftedAt)));
        }

        return TypedResults.Ok(new Response(total, (int?)rules.DelayOf(total)?.TotalHours, rules.InWords, items));
    }
}
