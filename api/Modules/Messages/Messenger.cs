using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Messages.Delivering;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Writes notices into their persons' inboxes, and what carries them further into the deliveries.</summary>
internal sealed class Messenger(FieldCipher cipher, Dispatch dispatch) : IMessenger
{
    public async Task AddAsync(Db db, IReadOnlyCollection<Notice> notices, long now)
    {
        var messages = notices.Select(n => (Id: Ids.New(), Notice: n)).ToList();
        await db.InsertManyAsync(messages.Select(m => MessageOf(m.Id, m.Notice, now)));
        await dispatch.AddAsync(db, messages, now);
    }

    private MessageRow MessageOf(string id, Notice notice, long now) => new()
    {
        Id = id,
        PersonId = notice.PersonId,
        Kind = notice.Kind,
        Title = notice.Title,
        TextSealed = cipher.Seal(MessageRow.TextPlace, id, notice.Text),
        RecordId = notice.RecordId,
        CreatedAt = now,
    };
}
