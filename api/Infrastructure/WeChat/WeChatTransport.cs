using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>One call to WeChat and back, with the platform's traps stepped around.</summary>
internal sealed class WeChatTransport(HttpClient http, WeChatSettings settings, ILogger<WeChatTransport> logger)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        // \uXXXX is not understood by the content check (trap T2).
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly byte[] PngSignature = [0x89, .. "PNG"u8];

    public Task<T> GetAsync<T>(string pathAndQuery, CancellationToken cancellation)
        where T : WeChatAnswer =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, pathAndQuery), Read<T>, cancellation);

    public Task<T> PostAsync<T>(string pathAndQuery, object body, CancellationToken cancellation)
        where T : WeChatAnswer =>
        SendAsync(Post(pathAndQuery, body), Read<T>, cancellation);

    public Task<ImageAnswer> PostForImageAsync(string pathAndQuery, object body, CancellationToken cancellation) =>
        SendAsync(Post(pathAndQuery, body), ReadImage, cancellation);

    /// <summary>The failure behind an errcode. All but spent codes are logged: an operator has to see them.</summary>
    public WeChatException Failure(WeChatAnswer answer)
    {
        var kind = answer.ErrorCode switch
        {
            40029 or 40163 or 41008 => WeChatFailure.CodeUnusable,
            40226 => WeChatFailure.AccountBlocked,
            -1 or 45009 or 45011 or 44991 => WeChatFailure.Busy,
            41030 => WeChatFailure.PageUnknown,
            _ => WeChatFailure.Misconfigured,
        };
        if (kind != WeChatFailure.CodeUnusable)
        {
            logger.LogWarning("WeChat refused: {Kind}, errcode {ErrorCode}, rid {RequestId}", kind, answer.ErrorCode, answer.RequestId);
        }

        return new WeChatException(kind, answer.ErrorCode, answer.RequestId);
    }

    private static HttpRequestMessage Post(string pathAndQuery, object body)
    {
        // Bytes with a Content-Length: a chunked body is answered 412 (trap T1).
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, pathAndQuery) { Content = content };
    }

    private static T Read<T>(byte[] bytes)
        where T : WeChatAnswer =>
        JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new WeChatException(WeChatFailure.Unavailable);

    private static ImageAnswer ReadImage(byte[] bytes) =>
        bytes.AsSpan().StartsWith(PngSignature) ? new ImageAnswer { Image = bytes } : Read<ImageAnswer>(bytes);

    /// <summary>Measured by the path alone, without its query.</summary>
    private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<byte[], T> read, CancellationToken cancellation)
        where T : WeChatAnswer
    {
        var route = request.RequestUri!.OriginalString.Split('?')[0];
        using var span = Signals.Source.StartActivity($"WeChat {route}", ActivityKind.Client);
        var start = Stopwatch.GetTimestamp();
        var outcome = "none";
        try
        {
            var answer = await AskAsync(request, read, cancellation);
            outcome = answer.IsSuccess ? "done" : "refused";
            return answer;
        }
        finally
        {
            span?.SetTag("outcome", outcome);
            Signals.WeChatCalled(route, outcome, start);
        }
    }

    private async Task<T> AskAsync<T>(HttpRequestMessage request, Func<byte[], T> read, CancellationToken cancellation)
        where T : WeChatAnswer
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            using (request)
            {
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
                if (!response.IsSuccessStatusCode)
                {
                    logger.LogWarning("WeChat answered with status {Status}", (int)response.StatusCode);
                    throw new WeChatException(WeChatFailure.Unavailable, isSurelyUndone: (int)response.StatusCode is >= 400 and < 500);
                }

                // The content type is text/plain on some routes (trap T4), so the bytes are read as they are.
                return read(await response.Content.ReadAsByteArrayAsync(limit.Token));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning("WeChat did not answer within {Seconds} s", settings.TimeoutSeconds);
            throw new WeChatException(WeChatFailure.Unavailable);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException)
        {
            // The kind only: a message may quote the address, which carries secrets.
            logger.LogWarning("WeChat cannot be reached or understood: {Kind}", error.GetType().Name);
            throw new WeChatException(
                WeChatFailure.Unavailable,
                isSurelyUndone: error is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
                });
        }
    }
}
