using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;

namespace WeChatUnion.Api.Infrastructure.Notices;

/// <summary>Posts JSON to an address of the county's own, signed so that it can be told from anybody else's.</summary>
internal sealed class SignedPosts(TimeProvider clock) : IDisposable
{
    /// <summary>Unseen by tracing, without cookies, and never sent on to where an answer points: what is posted may hold a phone.</summary>
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <param name="prefix">Of the two headers, e.g. <c>X-Union</c>.</param>
    /// <param name="timeWord">Ends the name of the header that says when, in seconds.</param>
    /// <returns>The answer's status, or null when none came.</returns>
    public async Task<HttpStatusCode?> SendAsync(string address, byte[] key, string prefix, string timeWord, object content, CancellationToken cancellation)
    {
        var body = JsonSerializer.Serialize(content, ContractJson.Stored);
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add($"{prefix}-{timeWord}", seconds);
        request.Headers.Add($"{prefix}-Signature", SignatureOf(key, seconds, body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>Hexadecimal HMAC-SHA256 of time, a dot and the body as it was sent.</summary>
    public static string SignatureOf(byte[] key, string seconds, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{seconds}.{body}")));
}
