using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>Which points do I have, until when, and what follows?</summary>
internal static class ListMyPoints
{
    /// <param name="IsLiving">Still counts.</param>
    public sealed record Item(ConductKind Kind, int Weight, DateTimeOffset At, DateTimeOffset ExpiresAt, bool IsLiving);

    /// <param name="Total">Of the living ones.</param>
    /// <param name="DelayHours">So much later sign-ups open for me; null when they stay closed.</param>
    public sealed record Response(int Total, int? DelayHours, IReadOnlyList<Item> Items);

    /// <summary>我的守约记分 (my points).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, Database database, ConductRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var points = await db.ConductPoints.Where(p => p.PersonId == caller.PersonId).OrderByDescending(p => p.Id).ToListAsync(cancellation);
        var total = points.Where(p => p.ExpiresAt > now && p.LiftedAt == null).Sum(p => p.Weight);
        return TypedResults.Ok(new Response(
            total,
            (int?)rules.DelayOf(total)?.TotalHours,
            [.. points.Select(p => new Item(p.Kind, p.Weight, Instants.At(p.At), Instants.At(p.ExpiresAt), p.ExpiresAt > now && p.LiftedAt == null))]));
    }
}
