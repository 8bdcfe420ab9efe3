using System.Collections.Concurrent;
using System.Text.Json;

namespace WeChatUnion.WeChatStandIn;

/// <summary>
/// msg_sec_check with the platform's manners: a writer who did not visit within two hours is 61010, and a text written with
/// \\u escapes passes whatever it says, which is how a wrong encoder shows.
/// </summary>
public sealed class StandInTexts(TimeProvider clock, Func<int, string, object> error)
{
    private const int Longest = 2500;

    /// <summary>Words that the stand-in holds for risky, and for worth a look.</summary>
    public const string RiskyWord = "赌博";
    public const string DoubtfulWord = "微商";

    private static readonly TimeSpan Lately = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> visits = new();
    private readonly ConcurrentQueue<string> checkedTexts = new();

    /// <summary>What was asked about.</summary>
    public IReadOnlyList<string> Checked => [.. checkedTexts];

    internal void Visited(string openId) => visits[openId] = clock.GetUtcNow();

    internal bool WasHere(string openId) => visits.TryGetValue(openId, out var last) && clock.GetUtcNow() - last <= Lately;

    internal object Check(JsonElement body)
    {
        var content = body.TryGetProperty("content", out var text) ? text.GetString() ?? "" : "";
        var openId = body.TryGetProperty("openid", out var id) ? id.GetString() ?? "" : "";
        if (!body.TryGetProperty("version", out var version) || version.GetInt32() != 2 || !body.TryGetProperty("scene", out var scene) || scene.GetInt32() is < 1 or > 4)
        {
            return error(40129, "invalid scene");
        }

        if (content.Length is 0 or > Longest)
        {
            return error(47001, "data format error");
        }

        if (!WasHere(openId))
        {
            return error(61010, "code is expired");
        }

        checkedTexts.Enqueue(content);
        var (suggest, label) = body.GetProperty("content").GetRawText().Contains("\\u", StringComparison.Ordinal) ? ("pass", 100)
            : content.Contains(RiskyWord, StringComparison.Ordinal) ? ("risky", 20006)
            : content.Contains(DoubtfulWord, StringComparison.Ordinal) ? ("review", 10001)
            : ("pass", 100);
        return new { errcode = 0, errmsg = "ok", result = new { suggest, label }, detail = Array.Empty<object>(), trace_id = "stand-in" };
    }
}
