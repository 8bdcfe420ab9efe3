using LinqToDB;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>
/// Puts a notice into the person's inbox. The message takes the outbox row's id, so a notice that were handled twice
/// would meet its own primary key.
/// </summary>
internal sealed class DeliverNotice(Outbox outbox, FieldCipher cipher) : IOutboxHandler
{
    public string Kind => Outbox.NoticeKind;

    public async Task HandleAsync(Db db, OutboxRow row, long now, CancellationToken cancellation)
    {
        var notice = outbox.ReadNotice(row);
        await db.InsertAsync(
            new MessageRow
            {
                Id = row.Id,
                PersonId = notice.PersonId,
                Kind = notice.Kind,
                Title = notice.Title,
                TextSealed = cipher.Seal(MessageRow.TextPlace, row.Id, notice.Text),
                RecordId = notice.RecordId,
                CreatedAt = row.CreatedAt,
            },
            token: cancellation);
    }
}
