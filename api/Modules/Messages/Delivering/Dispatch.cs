using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>What is sent, as it stands sealed in a delivery.</summary>
/// <param name="Data">Of a subscribe message.</param>
/// <param name="Subject">Of an e-mail.</param>
/// <param name="Text">Of an e-mail or a text message; of a subscribe message, what a text message says if WeChat has no way.</param>
internal sealed record Payload(string? Page, IReadOnlyDictionary<string, string>? Data, string? Subject, string? Text);

/// <summary>Decides by which channels a notice leaves, and writes a delivery for each.</summary>
internal sealed class Dispatch(MessagesSettings settings, WeChatSettings weChat, FieldCipher cipher, DeliverySignal signal)
{
    /// <summary>A notice without a deadline is told outside the inbox within this time or not at all.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(48);

    /// <summary>In the transaction that writes the messages.</summary>
    public async Task AddAsync(Db db, IReadOnlyList<(string Id, Notice Notice)> messages, long now)
    {
        var rows = new List<DeliveryRow>();
        foreach (var (messageId, notice) in messages)
        {
            var kind = NoticeKinds.Of(notice.Kind);
            var byText = settings.HasGateway && NoticeKind.IsDecisive(notice.Importance ?? kind.Importance) ? TextMessages.TextOf(kind, notice) : null;
            if (kind.Template is { } template && settings.TemplateIdOf(template.Name) is not null)
            {
                var payload = new Payload(PageOf(kind, notice, messageId), TemplateValues.Of(kind, template, notice, now), null, byText);
                rows.Add(RowOf(messageId, notice, kind, DeliveryChannel.Subscribe, payload, now));
            }
            else if (byText is not null && kind.Template is not null)
            {
                rows.Add(RowOf(messageId, notice, kind, DeliveryChannel.Gateway, new Payload(null, null, null, byText), now));
            }

            if (kind.IsForStaff)
            {
                rows.Add(RowOf(messageId, notice, kind, DeliveryChannel.Email, new Payload(null, null, notice.Title, notice.Text), now));
            }
        }

        if (rows.Count > 0)
        {
            await db.InsertManyAsync(rows);
            signal.Raise();
        }
    }

    private DeliveryRow RowOf(string messageId, Notice notice, NoticeKind kind, DeliveryChannel channel, Payload payload, long now)
    {
        var id = Ids.New();
        var importance = notice.Importance ?? kind.Importance;
        var atAnyHour = channel == DeliveryChannel.Email || QuietHours.MayBreak(importance, notice.Deadline, now);
        return new DeliveryRow
        {
            Id = id,
            MessageId = messageId,
            PersonId = notice.PersonId,
            Channel = channel,
            Kind = notice.Kind,
            Template = channel == DeliveryChannel.Subscribe ? kind.Template!.Name : null,
            RecordId = notice.RecordId,
            BroadcastId = notice.BroadcastId,
            PayloadSealed = cipher.Seal(DeliveryRow.PayloadPlace, id, JsonSerializer.Serialize(payload, ContractJson.Stored)),
            Hurry = importance <= Importance.Important ? 0 : 1,
            AtAnyHour = atAnyHour,
            State = DeliveryState.Waiting,
            DueAt = atAnyHour ? now : QuietHours.After(now),
            ExpiresAt = notice.Deadline ?? now + (long)Fresh.TotalMilliseconds,
            Attempts = 0,
            Unknowns = 0,
            CreatedAt = now,
        };
    }

    /// <summary>A sensitive notice leads to the inbox: the page's name would tell what it is about.</summary>
    private string PageOf(NoticeKind kind, Notice notice, string messageId) =>
        kind.LeadsToActivity && notice.Facts?.GetValueOrDefault(Fact.ActivityId) is { } activityId
            ? $"{weChat.ActivityPage}?id={activityId}"
            : $"{settings.Page}?id={messageId}";
}
