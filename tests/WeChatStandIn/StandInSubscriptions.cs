using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WeChatUnion.WeChatStandIn;

/// <summary>
/// subscribe/send (wechat-platform facts 1.8): templates with their fields, what people accepted, one message at a time to
/// one person, values within the platform's limits.
/// </summary>
public sealed partial class StandInSubscriptions
{
    private const long FirstMessageId = 1316263177503703040;

    private readonly ConcurrentDictionary<string, string[]> templates = new();
    private readonly ConcurrentDictionary<(string OpenId, string TemplateId), int> credits = new();
    private readonly ConcurrentDictionary<string, byte> busy = new();
    private readonly ConcurrentQueue<SentMessage> sent = new();
    private long lastId = FirstMessageId;
    private int count;
    private int losses;
    private int inFlight;
    private int mostInFlight;

    /// <summary>What was sent, in order, unless <see cref="KeepsMessages"/> is off.</summary>
    public IReadOnlyList<SentMessage> Sent => [.. sent];

    public int Count => Volatile.Read(ref count);

    /// <summary>How many calls were under way at once, at the most.</summary>
    public int MostInFlight => Volatile.Read(ref mostInFlight);

    /// <summary>Off where hundreds of thousands are sent.</summary>
    public bool KeepsMessages { get; set; } = true;

    /// <summary>Everybody has accepted everything for ever, as with long-term templates.</summary>
    public bool AcceptsAll { get; set; }

    /// <summary>How long each call takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The ability is banned (43107).</summary>
    public bool IsBanned { get; set; }

    /// <summary>A template of the mini-program's, with the keys of its fields.</summary>
    public void AddTemplate(string templateId, params string[] fields) => templates[templateId] = fields;

    /// <summary>The person pressed accept, so many times.</summary>
    public void Accept(string openId, string templateId, int times = 1) => credits.AddOrUpdate((openId, templateId), times, (_, had) => had + times);

    /// <summary>The person switched it off.</summary>
    public void SwitchOff(string openId, string templateId) => credits[(openId, templateId)] = 0;

    /// <summary>The next so many messages are sent, but the answer is lost.</summary>
    public void LoseAnswers(int messages) => Volatile.Write(ref losses, messages);

    public void ResetMostInFlight() => Volatile.Write(ref mostInFlight, 0);

    /// <summary>Null: sent, but nobody is told.</summary>
    internal async Task<object?> SendAsync(JsonElement body, Func<int, string, object> error)
    {
        var now = Interlocked.Increment(ref inFlight);
        for (var most = mostInFlight; now > most && Interlocked.CompareExchange(ref mostInFlight, now, most) != most; most = mostInFlight)
        {
        }

        var openId = Text(body, "touser") ?? "";
        var isFirst = busy.TryAdd(openId, 0);
        try
        {
            if (Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay);
            }

            return isFirst ? Judge(openId, body, error) : error(43108, "concurrent messages to the same user");
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
            if (isFirst)
            {
                busy.TryRemove(openId, out _);
            }
        }
    }

    private object? Judge(string openId, JsonElement body, Func<int, string, object> error)
    {
        if (IsBanned)
        {
            return error(43107, "subscribe message ability is banned");
        }

        if (openId.Length != 28)
        {
            return error(40003, "invalid openid");
        }

        if (Text(body, "template_id") is not { } templateId || !templates.TryGetValue(templateId, out var fields))
        {
            return error(40037, "invalid template_id");
        }

        if (Text(body, "page") is { } page && (page.Length == 0 || page[0] == '/'))
        {
            return error(41030, "invalid page");
        }

        if (!body.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            return error(47001, "data format error");
        }

        var values = new Dictionary<string, string>();
        foreach (var field in fields)
        {
            var value = data.TryGetProperty(field, out var holder) ? Text(holder, "value") : null;
            if (string.IsNullOrEmpty(value))
            {
                return error(47003, $"argument invalid! data.{field}.value is empty");
            }

            if (!IsValid(field, value))
            {
                return error(47003, $"argument invalid! data.{field}.value invalid");
            }

            values[field] = value;
        }

        return TrySpend(openId, templateId) ? Send(openId, templateId, Text(body, "page"), values) : error(43101, "user refuse to accept the msg");
    }

    private object? Send(string openId, string templateId, string? page, Dictionary<string, string> values)
    {
        var msgid = Interlocked.Increment(ref lastId);
        Interlocked.Increment(ref count);
        if (KeepsMessages)
        {
            sent.Enqueue(new SentMessage(openId, templateId, page, values, msgid));
        }

        return Interlocked.Decrement(ref losses) >= 0 ? null : new { errcode = 0, errmsg = "ok", msgid };
    }

    private bool TrySpend(string openId, string templateId)
    {
        while (!AcceptsAll)
        {
            if (!credits.TryGetValue((openId, templateId), out var left) || left == 0)
            {
                return false;
            }

            if (credits.TryUpdate((openId, templateId), left - 1, left))
            {
                return true;
            }
        }

        return true;
    }

    private static bool IsValid(string field, string value)
    {
        if (value.Any(char.IsControl))
        {
            return false;
        }

        var length = new StringInfo(value).LengthInTextElements;
        return Digits().Replace(field, "") switch
        {
            "thing" => length <= 20,
            "phrase" => length <= 5 && value.All(c => c is >= '\u4e00' and <= '\u9fff'),
            "character_string" => length <= 32 && value.All(char.IsAscii),
            "number" => length <= 32 && value.All(c => char.IsAsciiDigit(c) || c == '.'),
            "time" or "date" => Moment().IsMatch(value),
            "name" => length <= 10,
            _ => true,
        };
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex Digits();

    [GeneratedRegex("^([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)?( ?[0-9]{1,2}:[0-9]{2})?$")]
    private static partial Regex Moment();
}

/// <summary>A subscribe message that was sent.</summary>
public sealed record SentMessage(string OpenId, string TemplateId, string? Page, IReadOnlyDictionary<string, string> Data, long MessageId);
