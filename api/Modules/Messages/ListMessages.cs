using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>My inbox.</summary>
internal static class ListMessages
{
    /// <param name="Kind">A stable word, e.g. <c>membership_approved</c>.</param>
    /// <param name="RecordId">What it speaks of.</param>
    /// <param name="ReadAt">Null while unread.</param>
    public sealed record Item(string Id, string Kind, string Title, string Text, string RecordId, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);

    /// <param name="Next">Give this as <c>after</c> for the next page; null on the last.</param>
    /// <param name="Unread">How many in the inbox are unread, over all pages.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next, long Unread);

    /// <summary>我的消息 (my messages), newest first.</summary>
    /// <param name="archived">True: those put away instead.</param>
    internal static async Task<Ok<Response>> Handle(
        int? take, string? after, bool? archived, Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var put = archived == true;
        await using var db = database.Open();
        var rows = await db.Messages
            .Where(m => m.PersonId == caller.PersonId && (m.ArchivedAt != null) == put && (mark == null || m.Id.CompareTo(mark) < 0))
            .OrderByDescending(m => m.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        var unread = (await db.QueryToListAsync<long>(
            "SELECT COUNT(*) FROM messages WHERE person_id = @PersonId AND read_at IS NULL AND archived_at IS NULL", new { caller.PersonId }, cancellation))[0];
        var page = Listing<Item>.Of(
            rows,
            count,
            m => new Item(
                m.Id, m.Kind, m.Title, cipher.Open(MessageRow.TextPlace, m.Id, m.TextSealed), m.RecordId, Instants.At(m.CreatedAt), Instants.At(m.ReadAt)),
            m => m.Id);
        return TypedResults.Ok(new Response(page.Items, page.Next, unread));
    }
}
