using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.WeChatStandIn;

internal enum CodeKind
{
    Login,
    Phone,
}

/// <summary>The codes that phones hand to the mini-program: five minutes, one use, of one kind.</summary>
internal sealed class StandInCodes(TimeProvider clock)
{
    private const int SweepEvery = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Issued> issued = new();
    private int count;

    public string Issue(CodeKind kind, string user, string? phone)
    {
        if (Interlocked.Increment(ref count) % SweepEvery == 0)
        {
            Sweep();
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        issued[code] = new Issued(kind, user, phone, clock.GetUtcNow() + Life);
        return code;
    }

    /// <summary>The code if it is of this kind and alive; <paramref name="wasUsed"/> tells a used one from the rest.</summary>
    public Issued? Take(string code, CodeKind kind, out bool wasUsed)
    {
        wasUsed = false;
        if (!issued.TryGetValue(code, out var found) || found.Kind != kind || found.Until <= clock.GetUtcNow())
        {
            return null;
        }

        wasUsed = !found.TryUse();
        return wasUsed ? null : found;
    }

    /// <summary>Stable for one mini-program and one user, of the length that real ones have.</summary>
    public static string OpenIdOf(string appId, string user) =>
        "o" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{appId}|{user}")))
            .Replace('+', '-').Replace('/', '_')[..27];

    private void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var (code, entry) in issued)
        {
            if (entry.Until <= now)
            {
                issued.TryRemove(code, out _);
            }
        }
    }

    internal sealed class Issued(CodeKind kind, string user, string? phone, DateTimeOffset until)
    {
        private int used;

        public CodeKind Kind { get; } = kind;

        public string User { get; } = user;

        public string? Phone { get; } = phone;

        public DateTimeOffset Until { get; } = until;

        public bool TryUse() => Interlocked.Exchange(ref used, 1) == 0;
    }
}
