using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace WeChatUnion.Tests.House;

/// <summary>Lets a test say from which address a request comes: the test server has no sockets.</summary>
internal sealed class FromAddress : IStartupFilter
{
    public const string Header = "X-Test-From";

    public static void Install(IWebHostBuilder host) =>
        host.ConfigureTestServices(s => s.AddSingleton<IStartupFilter, FromAddress>());

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (IPAddress.TryParse(http.Request.Headers[Header], out var address))
            {
                http.Connection.RemoteIpAddress = address;
            }

            return rest(http);
        });
        next(app);
    };
}
