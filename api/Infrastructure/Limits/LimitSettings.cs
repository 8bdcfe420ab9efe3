namespace WeChatUnion.Api.Infrastructure.Limits;

/// <summary>Section <c>Limits</c>: how much one node takes on at once, and for how long.</summary>
internal sealed record LimitSettings
{
    /// <summary>Connections at once; further ones are closed at once. Idle and dribbling ones count, so it is generous.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Seconds until a request is answered 503; what was committed by then stays, and the repeat finds it.</summary>
    public int RequestSeconds { get; init; } = 30;

    public IEnumerable<string> Faults(bool production)
    {
        if (Connections < 10)
        {
            yield return "Limits:Connections 应为不小于 10 的整数(同时连接数)。";
        }

        if (RequestSeconds is < 1 or > 600)
        {
            yield return "Limits:RequestSeconds 应在 1 到 600 之间(秒)。";
        }
    }
}
