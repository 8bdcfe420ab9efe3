using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>How far a broadcast is, and what became of it with whom: numbers only.</summary>
internal static class GetBroadcast
{
    /// <param name="Inbox">So many have it in their inbox.</param>
    /// <param name="Sent">Told by WeChat.</param>
    /// <param name="NoCredit">Granted no message, or have no account.</param>
    /// <param name="Failed">WeChat refused or reported a failure.</param>
    /// <param name="Unknown">WeChat's answer was lost.</param>
    /// <param name="Waiting">On their way.</param>
    public sealed record Report(long Inbox, long Sent, long NoCredit, long Failed, long Unknown, long Waiting);

    public sealed record Response(
        string Id, string Audience, string AudienceId, string Title, string Text, BroadcastState State, int People, Report Report, int Version, DateTimeOffset CreatedAt);

    public sealed record Item(string Id, string Audience, string AudienceId, string Title, BroadcastState State, int People, int Reached, int Version, DateTimeOffset CreatedAt);

    /// <summary>群发通知详情 (one broadcast).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var row = await Broadcasting.FindAsync(db, id, reach, cancellation);
        var states = (await db.QueryToListAsync<StateCount>(
                "SELECT state, COUNT(*) AS count FROM deliveries WHERE broadcast_id = @id GROUP BY state", new { id }, cancellation))
            .ToDictionary(s => s.State, s => s.Count);
        long Of(params string[] words) => words.Sum(w => states.GetValueOrDefault(w));
        var report = new Report(
            row.PeopleReached, Of("sent"), Of("no_credit", "no_account"), Of("failed", "banned", "parked", "expired"), Of("unknown"), Of("waiting", "sending"));
        return TypedResults.Ok(new Response(
            row.Id, row.Audience, row.AudienceId, row.Title, row.Body, row.State, row.PeopleCounted, report, row.Version, Instants.At(row.CreatedAt)));
    }

    /// <summary>群发通知清单 (broadcasts in reach), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> HandleList(int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await db.Broadcasts
            .Where(b => ancestors.Any(a => a.UnionId == b.UnionId && reach.UnionIds.Contains(a.AncestorId)) && (mark == null || b.Id.CompareTo(mark) < 0))
            .OrderByDescending(b => b.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows, count, b => new Item(b.Id, b.Audience, b.AudienceId, b.Title, b.State, b.PeopleCounted, b.PeopleReached, b.Version, Instants.At(b.CreatedAt)), b => b.Id));
    }

    private sealed record StateCount
    {
        public required string State { get; init; }

        public required long Count { get; init; }
    }
}
