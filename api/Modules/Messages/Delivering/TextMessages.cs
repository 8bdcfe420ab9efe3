using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>短信 for what is decisive and has no way through WeChat: no right left, no account, the ability banned.</summary>
internal static class TextMessages
{
    /// <summary>The ends of a subscribe message after which it goes by text message.</summary>
    private static readonly HashSet<string> NoWay = ["no_credit", "no_account", "banned"];

    /// <summary>Of a sensitive notice the template's neutral words: a text message shows on a locked phone.</summary>
    public static string TextOf(NoticeKind kind, Notice notice) =>
        (kind.IsSensitive ? kind.Template?.Fields[0].Otherwise ?? kind.Template?.Title : notice.Title) + ",请打开小程序查看。";

    /// <summary>In the transaction that ends the subscribe messages; a delivery that comes from another does so once.</summary>
    public static async Task AddAsync(Db db, FieldCipher cipher, IEnumerable<(Claimed Delivery, string End)> ended, long now)
    {
        var rows = new List<DeliveryRow>();
        foreach (var (delivery, end) in ended)
        {
            if (delivery.Channel == SubscribeChannel.Word && NoWay.Contains(end)
                && JsonSerializer.Deserialize<Payload>(cipher.Open(DeliveryRow.PayloadPlace, delivery.Id, delivery.PayloadSealed), ContractJson.Stored)!.Text is { } text)
            {
                rows.Add(RowOf(delivery, text, cipher, now));
            }
        }

        await db.InsertManyAsync(rows);
    }

    private static DeliveryRow RowOf(Claimed from, string text, FieldCipher cipher, long now)
    {
        var id = Ids.New();
        return new DeliveryRow
        {
            Id = id,
            MessageId = from.MessageId,
            PersonId = from.PersonId,
            Channel = DeliveryChannel.Gateway,
            Kind = from.Kind,
            RecordId = from.RecordId,
            BroadcastId = from.BroadcastId,
            PayloadSealed = cipher.Seal(DeliveryRow.PayloadPlace, id, JsonSerializer.Serialize(new Payload(null, null, null, text), ContractJson.Stored)),
            Hurry = from.Hurry,
            AtAnyHour = from.AtAnyHour,
            State = DeliveryState.Waiting,
            DueAt = now,
            ExpiresAt = from.ExpiresAt,
            Attempts = 0,
            Unknowns = 0,
            CreatedAt = now,
        };
    }
}
