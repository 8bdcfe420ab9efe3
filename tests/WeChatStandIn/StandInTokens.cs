using System.Security.Cryptography;

namespace WeChatUnion.WeChatStandIn;

/// <summary>stable_token: normal mode answers the same token until five minutes before its end; force replaces it at once.</summary>
internal sealed class StandInTokens(TimeProvider clock)
{
    private const int MostForcedADay = 20;
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<DateTimeOffset> forced = [];
    private Token? current;
    private Token? previous;

    public (string Token, int ExpiresIn) Ask(bool force)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (force && MayForce(now))
            {
                forced.Add(now);
                previous = null;
                current = New(now);
            }
            else if (current is null || current.Until - now < Overlap)
            {
                previous = current;
                current = New(now);
            }

            return (current!.Text, (int)(current.Until - now).TotalSeconds);
        }
    }

    /// <summary>0, or the errcode that the platform gives for this token.</summary>
    public int Check(string? token)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (string.IsNullOrEmpty(token))
            {
                return 41001;
            }

            if (token == current?.Text)
            {
                return current.Until > now ? 0 : 42001;
            }

            return token == previous?.Text && previous.Until > now ? 0 : token.Length < 40 ? 40014 : 40001;
        }
    }

    /// <summary>The token dies at once; normal mode makes a new one.</summary>
    public void InvalidateNow()
    {
        lock (gate)
        {
            previous = null;
            current = null;
        }
    }

    private bool MayForce(DateTimeOffset now) =>
        (forced.Count == 0 || now - forced[^1] >= BetweenForced) && forced.Count(f => now - f < TimeSpan.FromDays(1)) < MostForcedADay;

    private static Token New(DateTimeOffset now) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(64)), now + Life);

    private sealed record Token(string Text, DateTimeOffset Until);
}
