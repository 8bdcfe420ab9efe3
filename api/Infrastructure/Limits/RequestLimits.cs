using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Limits;

/// <summary>Size and time of a request. Whoever sends slowly holds a socket and nothing else, and not for long.</summary>
internal static class RequestLimits
{
    /// <summary>The largest body of our own routes is a form of some pages.</summary>
    private const long LargestBody = 256 * 1024;

    public static void AddRequestLimits(this WebApplicationBuilder builder, LimitSettings settings)
    {
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxConcurrentConnections = settings.Connections;
            k.Limits.MaxConcurrentUpgradedConnections = 0;
            k.Limits.MaxRequestLineSize = 8 * 1024;
            k.Limits.MaxRequestHeaderCount = 60;
            k.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            k.Limits.MaxRequestBodySize = LargestBody;

            // A phone on a bad line sends kilobytes a second; below this it is not a phone.
            k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            k.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            k.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            k.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        });
        builder.Services.AddRequestTimeouts(o => o.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(settings.RequestSeconds),
            TimeoutStatusCode = CommonProblems.Unavailable.Status,
            WriteTimeoutResponse = http => ProblemResponses.WriteAsync(http, CommonProblems.Unavailable),
        });
    }

    /// <summary>The time limit of a request; the framework's own does not reach somebody who waits for a body.</summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        app.UseRequestTimeouts();
        app.Use(async (http, next) =>
        {
            if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
            {
                await next(http);
                return;
            }

            var body = new BodyReading(http.Request.BodyReader);
            http.Features.Set<IRequestBodyPipeFeature>(body);
            await using var registration = http.RequestAborted.Register(body.CancelPendingRead);
            try
            {
                await next(http);
            }
            catch (OperationCanceledException)
            {
                body.HandBack();
                throw;
            }
        });
    }
}
