using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Where am I signed in?</summary>
internal static class ListSessions
{
    /// <param name="Id">The session; give it to DELETE to sign out there.</param>
    /// <param name="Device">In words, e.g. “iPhone · 微信 8.0.50”.</param>
    /// <param name="IsCurrent">The session that asks.</param>
    public sealed record Item(string Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool IsCurrent);

    /// <summary>我的登录设备 (my sessions), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await db.GetTable<SessionRow>()
            .Where(s => s.PersonId == caller.PersonId && s.Kind == caller.Kind && (mark == null || s.Id.CompareTo(mark) < 0))
            .OrderByDescending(s => s.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        var now = clock.Milliseconds();
        var page = Listing<Item>.Of(rows, count, s => ItemOf(s, caller), s => s.Id);
        var living = rows.Where(s => SessionRules.ExpiresAt(s.Kind, s.CreatedAt, s.LastSeenAt) > now).Select(s => s.Id).ToHashSet();
        return TypedResults.Ok(page with { Items = [.. page.Items.Where(i => living.Contains(i.Id))] });
    }

    private static Item ItemOf(SessionRow s, Caller caller) =>
        new(s.Id, s.Device, Instants.At(s.CreatedAt), Instants.At(s.LastSeenAt), s.Id == caller.SessionId);
}
