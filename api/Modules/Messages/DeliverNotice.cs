using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Messages.Delivering;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>
/// Puts notices into their persons' inboxes and on their way by the other channels. The message takes the outbox row's id,
/// so a notice that were handled twice would meet its own primary key.
/// </summary>
internal sealed class DeliverNotice(Outbox outbox, FieldCipher cipher, Dispatch dispatch) : IOutboxHandler
{
    public string Kind => Outbox.NoticeKind;

    public async Task HandleAsync(Db db, IReadOnlyList<OutboxRow> rows, long now, CancellationToken cancellation)
    {
        var notices = rows.Select(r => (Row: r, Notice: outbox.ReadNotice(r))).ToList();
        await db.InsertManyAsync(notices.Select(n => MessageOf(n.Row, n.Notice)));
        await dispatch.AddAsync(db, [.. notices.Select(n => (n.Row.Id, n.Notice, n.Row.CreatedAt))], now, cancellation);
    }

    private MessageRow MessageOf(OutboxRow row, Notice notice) => new()
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
