using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>Errors come with HTTP 200; on success many answers carry no errcode at all (trap T3).</summary>
internal abstract record WeChatAnswer
{
    [JsonPropertyName("errcode")]
    public int? ErrorCode { get; init; }

    [JsonPropertyName("errmsg")]
    public string? ErrorMessage { get; init; }

    [JsonIgnore]
    public bool IsSuccess => ErrorCode is null or 0;

    /// <summary>The request id at the end of errmsg, for talks with Tencent.</summary>
    [JsonIgnore]
    public string? RequestId => ErrorMessage?.LastIndexOf("rid: ", StringComparison.Ordinal) is { } at and >= 0
        ? ErrorMessage[(at + 5)..].Trim() is { Length: <= 40 } rid ? rid : null
        : null;
}

internal sealed record LoginAnswer : WeChatAnswer
{
    [JsonPropertyName("openid")]
    public string? OpenId { get; init; }

    [JsonPropertyName("unionid")]
    public string? UnionId { get; init; }
}

internal sealed record TokenAnswer : WeChatAnswer
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; init; }
}

internal sealed record SendAnswer : WeChatAnswer
{
    [JsonPropertyName("msgid")]
    public long? MessageId { get; init; }
}

internal sealed record ContentAnswer : WeChatAnswer
{
    [JsonPropertyName("result")]
    public ContentResult? Result { get; init; }
}

internal sealed record MediaAnswer : WeChatAnswer
{
    [JsonPropertyName("trace_id")]
    public string? TraceId { get; init; }
}

internal sealed record ContentResult
{
    [JsonPropertyName("suggest")]
    public string? Suggest { get; init; }
}

internal sealed record PhoneAnswer : WeChatAnswer
{
    [JsonPropertyName("phone_info")]
    public PhoneInfo? Info { get; init; }
}

internal sealed record PhoneInfo
{
    [JsonPropertyName("purePhoneNumber")]
    public string? PurePhoneNumber { get; init; }

    /// <summary>Documented as a string, seen as a number (trap T10).</summary>
    [JsonPropertyName("countryCode")]
    public JsonElement CountryCode { get; init; }

    [JsonPropertyName("watermark")]
    public Watermark? Watermark { get; init; }
}

/// <summary>An image as it is, or an error as JSON: told apart by the first byte (wechat-platform.md 1.9).</summary>
internal sealed record ImageAnswer : WeChatAnswer
{
    [JsonIgnore]
    public byte[]? Image { get; init; }
}

internal sealed record Watermark
{
    [JsonPropertyName("appid")]
    public string? AppId { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public long? Timestamp { get; init; }
}
