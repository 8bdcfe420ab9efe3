using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>WeChat's server pushes what happened (消息推送). Who cannot sign is refused; what was acted upon is answered with success.</summary>
internal static class ReceivePush
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The console asks once, when the address is set up.</summary>
    internal static IResult HandleCheck(string? signature, string? timestamp, string? nonce, string? echostr, PushSettings settings)
    {
        MustBeOn(settings);
        return PushCrypto.IsSignedBy(signature, settings.Token, timestamp ?? "", nonce ?? "") && echostr is { Length: > 0 and <= 1000 }
            ? Results.Text(echostr, "text/plain")
            : throw new Refusal(MessagesProblems.PushNotGenuine);
    }

    internal static async Task<IResult> Handle(HttpContext http, PushSettings settings, WeChatSettings weChat, PushedEvents events, CancellationToken cancellation)
    {
        MustBeOn(settings);
        var text = TextOf(await ReadAsync(http.Request, cancellation), http.Request.Query, settings, weChat);
        var message = PushMessage.Read(text) ?? throw new Refusal(CommonProblems.Malformed);
        await events.TakeAsync(message, cancellation);
        return Results.Text("success", "text/plain");
    }

    private static void MustBeOn(PushSettings settings)
    {
        if (settings.Token.Length == 0)
        {
            throw new Refusal(CommonProblems.NotFound);
        }
    }

    private static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MostBytes)
        {
            throw new Refusal(CommonProblems.TooLarge);
        }

        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= MostBytes ? Encoding.UTF8.GetString(buffer, 0, length) : throw new Refusal(CommonProblems.TooLarge);
    }

    /// <summary>
    /// In safe mode only what is signed as a whole and encrypted for this mini-program counts, whatever else lies beside it
    /// (compatible mode sends both); in plain mode the query is signed, the body is not.
    /// </summary>
    private static string TextOf(string body, IQueryCollection query, PushSettings settings, WeChatSettings weChat)
    {
        string One(string name) => query[name].ToString();
        if (settings.EncodingAesKey.Length == 0)
        {
            return PushCrypto.IsSignedBy(One("signature"), settings.Token, One("timestamp"), One("nonce"))
                ? body
                : throw new Refusal(MessagesProblems.PushNotGenuine);
        }

        try
        {
            if (PushCrypto.EncryptedOf(body) is { } encrypted && PushCrypto.IsSignedBy(One("msg_signature"), settings.Token, One("timestamp"), One("nonce"), encrypted))
            {
                return new[] { settings.EncodingAesKey, settings.FormerEncodingAesKey }.Where(k => k.Length > 0)
                    .Select(k => PushCrypto.Open(encrypted, k, weChat.AppId)).FirstOrDefault(t => t is not null)
                    ?? throw new Refusal(MessagesProblems.PushNotGenuine);
            }
        }
        catch (JsonException)
        {
            // No JSON, so nobody signed it.
        }

        throw new Refusal(MessagesProblems.PushNotGenuine);
    }
}
