using System.Net;
using System.Text;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// 短信: a signed POST to the address that the county connects to its SMS gateway. It may come twice with one
/// <c>id</c>, which the receiver tells by; so an answer that was lost is simply asked for again.
/// </summary>
internal sealed class GatewayChannel(MessagesSettings settings, FieldCipher cipher, SignedPosts posts) : IDeliveryChannel
{
    public string Name => "gateway";

    /// <param name="Id">The same for a repeat.</param>
    /// <param name="Kind">Of a sensitive notice only <c>service</c>.</param>
    public sealed record Body(string Id, string Kind, string Phone, string Text);

    public async Task<SubscribeAnswer> SendAsync(Claimed delivery, Payload payload, CancellationToken cancellation)
    {
        if (!settings.HasGateway)
        {
            return new SubscribeAnswer(SubscribeResult.Unreachable);
        }

        var kind = NoticeKinds.Of(delivery.Kind);
        var phone = cipher.Open(SetPhone.Place, delivery.PersonId, delivery.PhoneSealed!);
        var status = await posts.SendAsync(
            settings.GatewayAddress,
            Encoding.UTF8.GetBytes(settings.GatewayKey),
            "X-Union",
            "Time",
            new Body(delivery.Id, kind.IsSensitive ? "service" : kind.Name, phone, payload.Text!),
            cancellation);
        return status switch
        {
            null => new SubscribeAnswer(SubscribeResult.Busy),
            >= (HttpStatusCode)200 and < (HttpStatusCode)300 => new SubscribeAnswer(SubscribeResult.Sent),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => new SubscribeAnswer(SubscribeResult.Busy, (int)status),
            >= (HttpStatusCode)400 and < (HttpStatusCode)500 => new SubscribeAnswer(SubscribeResult.Wrong, (int)status),
            _ => new SubscribeAnswer(SubscribeResult.Busy, (int)status),
        };
    }
}
