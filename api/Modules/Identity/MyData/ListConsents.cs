using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>What did I agree to, and what have I taken back?</summary>
internal static class ListConsents
{
    /// <param name="Title">Of the text that was agreed to.</param>
    /// <param name="TextHash">SHA-256 of its body in hex.</param>
    /// <param name="Channel">Where it was given, e.g. <c>mini_program</c>.</param>
    /// <param name="WithdrawnAt">When it ended: taken back, or replaced by a newer version.</param>
    /// <param name="IsLive">It holds now.</param>
    public sealed record Item(
        string Id, string Purpose, int Version, string Title, string TextHash, string Channel, DateTimeOffset GivenAt, DateTimeOffset? WithdrawnAt, bool IsLive);

    /// <summary>我的同意记录 (my consents), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var texts = db.ConsentTexts;
        var rows = await db.Consents
            .Where(c => c.PersonId == caller.PersonId && (mark == null || c.Id.CompareTo(mark) < 0))
            .OrderByDescending(c => c.Id)
            .InnerJoin(texts, (c, t) => c.Purpose == t.Purpose && c.Version == t.Version, (c, t) => new { Consent = c, t.Title })
            .Take(count + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r.Consent, r.Title), r => r.Consent.Id));
    }

    private static Item ItemOf(ConsentRow c, string title) => new(
        c.Id, c.Purpose, c.Version, title, c.TextHash, c.Channel, Instants.At(c.GivenAt), Instants.At(c.WithdrawnAt), c.LivePurpose is not null);
}
