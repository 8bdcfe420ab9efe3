namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>
/// What we ask of WeChat. This is the seam: a team that has Senparc.Weixin.WxOpen registers its own implementation.
/// </summary>
internal interface IWeChat
{
    /// <summary>jscode2session: who is behind a code of <c>wx.login</c>. The session key is dropped at once.</summary>
    /// <exception cref="WeChatException">Never retried: a code works once.</exception>
    Task<WeChatAccount> ExchangeLoginCodeAsync(string code, CancellationToken cancellation);

    /// <summary>getuserphonenumber: the mainland number behind a phone code, which must belong to this openid.</summary>
    /// <exception cref="WeChatException">Never retried but for a stale access token.</exception>
    Task<string> ExchangePhoneCodeAsync(string code, string openId, CancellationToken cancellation);

    /// <summary>getwxacodeunlimit: a mini-program code (小程序码) as PNG, which leads to a page for ever.</summary>
    /// <param name="scene">What the page gets: 1 to 32 of letters, digits, - and _.</param>
    /// <param name="page">A page of the published mini-program, without a leading slash.</param>
    /// <exception cref="WeChatException">Never retried but for a stale access token.</exception>
    Task<byte[]> MakeCodeAsync(string scene, string page, CancellationToken cancellation);

    /// <summary>
    /// subscribe/send: one message by a template that the person subscribed to. Never throws for what WeChat does; never
    /// repeated but for a stale access token, with which nothing was sent.
    /// </summary>
    Task<SubscribeAnswer> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancellation);

    /// <summary>
    /// msg_sec_check (v2): may this text, at most 2,500 characters, be shown to others? Never throws for what WeChat does: what
    /// could not be asked is not known, and nothing is shown that is not known.
    /// </summary>
    /// <param name="openId">Of its writer, who must have visited within two hours.</param>
    Task<ContentVerdict> CheckTextAsync(string openId, string text, CancellationToken cancellation);

    /// <summary>
    /// media_check_async (v2): may this image be shown to others? WeChat fetches it and pushes its word (wxa_media_check) within
    /// half an hour. Never throws for what WeChat does.
    /// </summary>
    /// <param name="openId">Of who brings it, who must have visited within two hours.</param>
    /// <param name="address">Where WeChat fetches it, without signing in.</param>
    Task<ImageAsked> CheckImageAsync(string openId, Uri address, CancellationToken cancellation);
}

/// <summary>What WeChat says of a text (wechat-platform.md 1.11).</summary>
internal enum ContentVerdict
{
    /// <summary>Not asked: WeChat was busy or away.</summary>
    Unknown,

    /// <summary>61010: the writer did not visit within two hours; only when she comes again can it be asked.</summary>
    WriterAway,

    Passed,

    /// <summary>A person should look.</summary>
    Review,

    Risky,
}

/// <param name="TraceId">By which the push names it; null when nothing was asked.</param>
/// <param name="IsWriterAway">61010: only when she comes again can it be asked.</param>
internal sealed record ImageAsked(string? TraceId, bool IsWriterAway = false);

/// <param name="Page">With its query, without a leading slash.</param>
/// <param name="Data">Field (<c>thing1</c>) → value, within the platform's limits.</param>
internal sealed record SubscribeMessage(string OpenId, string TemplateId, string Page, IReadOnlyDictionary<string, string> Data, string MiniProgramState);

/// <summary>What became of a subscribe message (wechat-platform.md 1.8).</summary>
internal enum SubscribeResult
{
    Sent,

    /// <summary>43101: not subscribed, used up, or switched off. A normal outcome.</summary>
    NoCredit,

    /// <summary>43107: the mini-program lost the ability.</summary>
    Banned,

    /// <summary>43108: another message to the same person at the same time.</summary>
    Concurrent,

    /// <summary>Busy or over quota: surely not sent, later it may work.</summary>
    Busy,

    /// <summary>Surely not sent: no connection, or no access token.</summary>
    Unreachable,

    /// <summary>The request left and no answer came that can be understood: it may have been sent.</summary>
    Unknown,

    /// <summary>40003: no such person in this mini-program any more.</summary>
    NoSuchPerson,

    /// <summary>47003, 40037, 41030, 45168 and all else: our own fault, repeating it changes nothing.</summary>
    Wrong,
}

/// <param name="MessageId">WeChat's own, beyond what a double holds exactly.</param>
internal sealed record SubscribeAnswer(SubscribeResult Result, int? ErrorCode = null, long? MessageId = null);

/// <param name="UnionId">WeChat's unionid, when the mini-program is bound to an open platform account.</param>
internal sealed record WeChatAccount(string AppId, string OpenId, string? UnionId);

/// <summary>What a failure means to us.</summary>
internal enum WeChatFailure
{
    /// <summary>Invalid, expired, used, or of the other kind: a fresh code is needed.</summary>
    CodeUnusable,

    /// <summary>WeChat holds the user for risky (40226).</summary>
    AccountBlocked,

    /// <summary>Busy or over quota; later it may work.</summary>
    Busy,

    /// <summary>No answer, or none that can be understood.</summary>
    Unavailable,

    /// <summary>Our credentials or rights are wrong: an operator must act.</summary>
    Misconfigured,

    /// <summary>The number is not one of mainland China.</summary>
    NotMainlandNumber,

    /// <summary>The published mini-program has no such page (41030).</summary>
    PageUnknown,
}

/// <summary>A failed call, without codes, openids or secrets.</summary>
internal sealed class WeChatException(WeChatFailure kind, int? errorCode = null, string? requestId = null, bool isSurelyUndone = false)
    : Exception($"WeChat: {kind}, errcode {errorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, rid {requestId ?? "none"}")
{
    public WeChatFailure Kind { get; } = kind;

    public int? ErrorCode { get; } = errorCode;

    public string? RequestId { get; } = requestId;

    /// <summary>The request did not reach WeChat, or was turned away before anything was done.</summary>
    public bool IsSurelyUndone { get; } = isSurelyUndone;
}
