using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>
/// Puts notices into their persons' inboxes. The message takes the outbox row's id, so a notice that were handled twice
/// would meet its own primary key.
/// </summary>
internal sealed class DeliverNotice(Outbox outbox, FieldCipher cipher) : IOutboxHandler
{
    public string Kind => Outbox.NoticeKind;

    public Task HandleAsync(Db db, IReadOnlyList<OutboxRow> rows, long now, CancellationToken cancellation) =>
        db.InsertManyAsync(rows.Select(MessageOf));

    private MessageRow MessageOf(OutboxRow row)
    {
        var notice = outbox.ReadNotice(row);
        return new MessageRow
        {
            Id = row.Id,
            PersonId = notice.PersonId,
            Kind = notice.Kind,
            Title = notice.Title,
            TextSealed = cipher.Seal(MessageRow.TextPlace, row.Id, notice.Text),
            RecordId = notice.RecordId,
            CreatedAt = row.CreatedAt,
        };
    }
}
