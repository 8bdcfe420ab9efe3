using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
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
    public sealed record Item(string Id, string Kind, string Title, string Text, string RecordId, DateTimeOffset CreatedAt);

    /// <summary>我的消息 (my messages), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await db.GetTable<MessageRow>()
            .Where(m => m.PersonId == caller.PersonId && (mark == null || m.Id.CompareTo(mark) < 0))
            .OrderByDescending(m => m.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            m => new Item(m.Id, m.Kind, m.Title, cipher.Open(MessageRow.TextPlace, m.Id, m.TextSealed), m.RecordId, Instants.At(m.CreatedAt)),
            m => m.Id));
    }
}

[Table("messages", IsColumnAttributeRequired = false)]
internal sealed record MessageRow
{
    public const string TextPlace = "messages.text";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string Kind { get; init; }

    public required string Title { get; init; }

    public required string TextSealed { get; init; }

    public required string RecordId { get; init; }

    public required long CreatedAt { get; init; }

    public long? ReadAt { get; init; }
}
