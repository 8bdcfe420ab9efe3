using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// 短信: a signed POST to the address that the county connects to its SMS gateway. It may come twice with one
/// <c>id</c>, which the receiver tells by; so an answer that was lost is simply asked for again.
/// </summary>
internal sealed class GatewayChannel(MessagesSettings settings, FieldCipher cipher, TimeProvider clock) : IDeliveryChannel, IDisposable
{
    public const string TimeHeader = "X-Union-Time";
    public const string SignatureHeader = "X-Union-Signature";

    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public string Name => "gateway";

    /// <param name="Id">The same for a repeat.</param>
    /// <param name="Kind">Of a sensitive notice only <c>service</c>.</param>
    /// <param name="Phone">Null for an alarm to somebody whose phone is not known: ring whoever is on duty.</param>
    public sealed record Body(string Id, string Kind, string? Phone, string Text);

    public async Task<SubscribeAnswer> SendAsync(Claimed delivery, Payload payload, CancellationToken cancellation)
    {
        if (!settings.HasGateway)
        {
            return new SubscribeAnswer(SubscribeResult.Unreachable);
        }

        var kind = NoticeKinds.Of(delivery.Kind);
        var phone = delivery.PhoneSealed is null ? null : cipher.Open(SetPhone.Place, delivery.PersonId, delivery.PhoneSealed);
        var body = JsonSerializer.Serialize(new Body(delivery.Id, kind.IsSensitive ? "service" : kind.Name, phone, payload.Text!), ContractJson.Stored);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.GatewayAddress) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add(TimeHeader, seconds);
        request.Headers.Add(SignatureHeader, SignatureOf(settings.GatewayKey, seconds, body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode ? new SubscribeAnswer(SubscribeResult.Sent)
                : new SubscribeAnswer(IsOurFault(answer.StatusCode) ? SubscribeResult.Wrong : SubscribeResult.Busy, status);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return new SubscribeAnswer(SubscribeResult.Busy);
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>Hexadecimal HMAC-SHA256 of time, a dot and the body as it was sent.</summary>
    public static string SignatureOf(string key, string seconds, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{seconds}.{body}")));

    private static bool IsOurFault(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
}
