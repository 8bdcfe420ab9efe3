using System.Net;

namespace WeChatUnion.Api.Infrastructure.Proxy;

/// <summary>Section <c>Proxy</c>: the reverse proxies in front of this program.</summary>
internal sealed record ProxySettings
{
    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of the proxies whose X-Forwarded-For and X-Forwarded-Proto are
    /// believed; empty means that nobody's are.
    /// </summary>
    public IReadOnlyList<string> TrustedAddresses { get; init; } = [];

    public IEnumerable<string> Faults(bool production) => TrustedAddresses
        .Where(a => NetworkOf(a) is null)
        .Select(a => $"Proxy:TrustedAddresses 中的 {a} 不是 IP 地址或网段(如 10.0.0.5 或 10.0.0.0/8)。");

    /// <summary>A single address is a network of one; null when the text is neither.</summary>
    public static IPNetwork? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
