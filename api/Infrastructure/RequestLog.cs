using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure;

/// <summary>
/// One line for each change and each refusal: route pattern, status, time, ids. Never a path with values, a name, a
/// number, a token or a text; reads that went well are left to the metrics.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var start = Stopwatch.GetTimestamp();
        await next(http);
        var status = http.Response.StatusCode;
        if ((HttpMethods.IsGet(http.Request.Method) && status < 400) || !logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        // A refusal is thrown, and the exception handler takes the endpoint away.
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        logger.LogInformation(
            "{Method} {Route} {Status} in {Milliseconds} ms, person {PersonId}, trace {TraceId}",
            http.Request.Method,
            (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)",
            status,
            (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            endpoint?.Metadata.GetMetadata<NamelessRoute>() is null ? http.Features.Get<Caller>()?.PersonId ?? "(none)" : "(kept back)",
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);
    }
}
