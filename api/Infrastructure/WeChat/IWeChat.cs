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
}

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
internal sealed class WeChatException(WeChatFailure kind, int? errorCode = null, string? requestId = null)
    : Exception($"WeChat: {kind}, errcode {errorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, rid {requestId ?? "none"}")
{
    public WeChatFailure Kind { get; } = kind;

    public int? ErrorCode { get; } = errorCode;

    public string? RequestId { get; } = requestId;
}
