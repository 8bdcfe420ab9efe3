using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;

namespace WeChatUnion.Api.Infrastructure.Proxy;

/// <summary>From where somebody calls: for the audit and for the rate limit per address.</summary>
internal static class CallerAddress
{
    private const int BytesOfSubscriber = 8;

    /// <summary>Believes the headers of trusted proxies only: everybody else may write into them what he likes.</summary>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, ProxySettings settings) =>
        services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = settings.TrustedAddresses.Count > 0
                ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                : ForwardedHeaders.None;

            // Through as many trusted proxies as there are; the first address that is none of them is the caller's.
            o.ForwardLimit = null;
            o.KnownProxies.Clear();
            o.KnownIPNetworks.Clear();
            foreach (var address in settings.TrustedAddresses)
            {
                o.KnownIPNetworks.Add(ProxySettings.NetworkOf(address)!.Value);
            }
        });

    /// <summary>The address in its plainest form, at most 45 characters; empty when there is none.</summary>
    public static string Of(HttpContext http) => Plain(http)?.ToString() ?? "";

    /// <summary>Whom a limit counts: an IPv4 address, or the /64 that an IPv6 subscriber owns whole.</summary>
    public static string SubscriberOf(HttpContext http)
    {
        if (Plain(http) is not { AddressFamily: AddressFamily.InterNetworkV6 } address)
        {
            return Of(http);
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, BytesOfSubscriber, bytes.Length - BytesOfSubscriber);
        return new IPAddress(bytes) + "/64";
    }

    private static IPAddress? Plain(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } scoped => new IPAddress(scoped.GetAddressBytes()),
        var plain => plain,
    };
}
