using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>订阅消息: a card in WeChat, by a template that the person subscribed to.</summary>
internal sealed class SubscribeChannel(IWeChat weChat, MessagesSettings settings) : IDeliveryChannel
{
    /// <summary>As stored.</summary>
    public const string Word = "subscribe";

    public string Name => Word;

    public Task<SubscribeAnswer> SendAsync(Claimed delivery, Payload payload, CancellationToken cancellation) =>
        settings.TemplateIdOf(delivery.Template!) is { } templateId
            ? weChat.SendSubscribeMessageAsync(new SubscribeMessage(delivery.OpenId!, templateId, payload.Page!, payload.Data!, settings.MiniProgramState), cancellation)
            : Task.FromResult(new SubscribeAnswer(SubscribeResult.Wrong));
}
