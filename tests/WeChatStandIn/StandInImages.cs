using System.Collections.Concurrent;
using System.Text.Json;

namespace WeChatUnion.WeChatStandIn;

/// <summary>
/// media_check_async with the platform's manners: it answers with a trace at once, and fetches the image and says its word
/// later, when it is told to.
/// </summary>
public sealed class StandInImages(TimeProvider clock, Func<string, bool> wasHere, Func<int, string, object> error)
{
    private const int Image = 2;

    private readonly ConcurrentQueue<(string TraceId, Uri Address, string OpenId)> asked = new();

    private int traces;

    /// <summary>Null: it speaks when it is told to.</summary>
    internal StandInSpeaker? Speaker { get; set; }

    /// <summary>Addresses that wait to be fetched.</summary>
    public IReadOnlyList<Uri> Waiting => [.. asked.Select(a => a.Address)];

    /// <summary>Fetches the oldest and answers the push, as JSON: -1008 when there was nothing to fetch.</summary>
    /// <param name="suggest">pass, review or risky.</param>
    public async Task<string> SpeakAsync(HttpClient http, string suggest)
    {
        if (!asked.TryDequeue(out var image))
        {
            throw new InvalidOperationException("The program asked about no image.");
        }

        using var answer = await http.GetAsync(image.Address.PathAndQuery);
        var isThere = answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "image/jpeg";
        return JsonSerializer.Serialize(new
        {
            ToUserName = "gh_97417a04a28d",
            FromUserName = image.OpenId,
            CreateTime = clock.GetUtcNow().ToUnixTimeSeconds(),
            MsgType = "event",
            Event = "wxa_media_check",
            trace_id = image.TraceId,
            version = 2,
            errcode = isThere ? 0 : -1008,
            result = isThere ? new { suggest, label = suggest == "pass" ? "100" : "20002" } : null,
        });
    }

    internal object Ask(JsonElement body)
    {
        var openId = body.TryGetProperty("openid", out var id) ? id.GetString() ?? "" : "";
        if (!body.TryGetProperty("version", out var version) || version.GetInt32() != 2 || !body.TryGetProperty("scene", out var scene) || scene.GetInt32() is < 1 or > 4)
        {
            return error(40129, "invalid scene");
        }

        if (!body.TryGetProperty("media_type", out var type) || type.GetInt32() != Image)
        {
            return error(40004, "invalid media type");
        }

        if (!body.TryGetProperty("media_url", out var url) || !Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address))
        {
            return error(47001, "data format error");
        }

        if (!wasHere(openId))
        {
            return error(61010, "code is expired");
        }

        var trace = $"stand-in-{Interlocked.Increment(ref traces)}";
        asked.Enqueue((trace, address, openId));
        _ = Speaker?.SpeakAsync();
        return new { errcode = 0, errmsg = "ok", trace_id = trace };
    }
}
