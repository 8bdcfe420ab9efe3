namespace WeChatUnion.WeChatStandIn;

/// <summary>How the stand-in behaves.</summary>
public sealed record StandInOptions
{
    public string AppId { get; init; } = "wx0123456789abcdef";

    public string AppSecret { get; init; } = "0123456789abcdef0123456789abcdef";

    /// <summary>Loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The pages of the published mini-program.</summary>
    public IReadOnlyList<string> Pages { get; init; } = ["pages/activity/activity"];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Answer a unionid, as for a mini-program bound to an open platform account.</summary>
    public bool WithUnionId { get; init; }

    /// <summary>Maps <c>/__ctl</c>, by which people take codes with curl.</summary>
    public bool AllowControl { get; init; }
}
