using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages.Subscriptions;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>What a higher module does about a push, in the transaction that keeps it from being taken twice.</summary>
internal delegate Task FollowPush(Db db, PushMessage message, long now, CancellationToken cancellation);

/// <summary>
/// Acts on what WeChat pushes: corrects the rights to send and the fate of messages. The push's id is kept in the same
/// transaction, so a repeat does nothing; events that concern nobody here are taken note of and no more.
/// </summary>
internal sealed class PushedEvents(
    Database database, MessagesSettings settings, WeChatSettings weChat, IEnumerable<FollowPush> followers, TimeProvider clock)
{
    public async Task TakeAsync(PushMessage message, CancellationToken cancellation)
    {
        try
        {
            await database.TransactAsync(
                async db =>
                {
                    var now = clock.Milliseconds();
                    await db.ExecuteAsync("INSERT INTO received_pushes (id, received_at) VALUES (@Id, @now)", new { message.Id, now });
                    await ActAsync(db, message, now, cancellation);
                    foreach (var follow in followers)
                    {
                        await follow(db, message, now, cancellation);
                    }
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Seen before.
        }
    }

    private async Task ActAsync(Db db, PushMessage message, long now, CancellationToken cancellation)
    {
        if (message.Event is not ("subscribe_msg_popup_event" or "subscribe_msg_change_event" or "subscribe_msg_sent_event"))
        {
            return;
        }

        var personId = await db.WeChatAccounts.Where(a => a.AppId == weChat.AppId && a.OpenId == message.OpenId).Select(a => a.PersonId).FirstOrDefaultAsync(cancellation);
        foreach (var entry in message.Entries)
        {
            var template = NoticeKinds.Templates.FirstOrDefault(t => settings.TemplateIdOf(t.Name) is { } id && id == entry.GetValueOrDefault("TemplateId"))?.Name;
            if (message.Event == "subscribe_msg_sent_event")
            {
                await SettleAsync(db, personId, template, entry, now, cancellation);
            }
            else if (personId is not null && template is not null)
            {
                await CorrectAsync(db, message.Event, entry.GetValueOrDefault("SubscribeStatusString"), personId, template, now, cancellation);
            }
        }
    }

    private static Task CorrectAsync(Db db, string happened, string? status, string personId, string template, long now, CancellationToken cancellation) =>
        (happened, status) switch
        {
            ("subscribe_msg_popup_event", "accept") => Credits.AcceptPushedAsync(db, personId, template, now, cancellation),
            ("subscribe_msg_popup_event", "reject") => Credits.RefusePushedAsync(db, personId, template, now, cancellation),
            ("subscribe_msg_change_event", "reject") => Credits.EndAsync(db, personId, template, now, cancellation),
            _ => Task.CompletedTask,
        };

    /// <summary>The last word on one message. One whose own answer was lost is known by person and template alone.</summary>
    private static async Task SettleAsync(
        Db db, string? personId, string? template, IReadOnlyDictionary<string, string> entry, long now, CancellationToken cancellation)
    {
        if (!long.TryParse(entry.GetValueOrDefault("MsgID") ?? entry.GetValueOrDefault("MsgId"), NumberStyles.None, CultureInfo.InvariantCulture, out var platformId)
            || !int.TryParse(entry.GetValueOrDefault("ErrorCode"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var errorCode))
        {
            return;
        }

        var known = await db.Deliveries.Where(d => d.PlatformId == platformId).Select(d => d.Id).FirstOrDefaultAsync(cancellation);
        if (known is null && personId is not null && template is not null)
        {
            known = await db.Deliveries.Where(d => d.PersonId == personId && d.Template == template && d.State == DeliveryState.Unknown && d.PlatformId == null)
                .OrderBy(d => d.Id).Select(d => d.Id).FirstOrDefaultAsync(cancellation);
        }

        if (known is not null)
        {
            await db.Deliveries.Where(d => d.Id == known && (d.State == DeliveryState.Sent || d.State == DeliveryState.Unknown))
                .Set(d => d.State, errorCode == 0 ? DeliveryState.Sent : DeliveryState.Failed)
                .Set(d => d.ErrorCode, errorCode == 0 ? (int?)null : errorCode)
                .Set(d => d.PlatformId, platformId)
                .Set(d => d.ClosedAt, now)
                .UpdateAsync(cancellation);
        }
    }
}
