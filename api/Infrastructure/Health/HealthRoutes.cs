using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Health;

/// <summary>
/// <c>/health/live</c>: the process runs. <c>/health/ready</c>: it can serve, that is the database answers, the
/// schema fits and no stop was asked for; Redis away is told but does not make a node unready.
/// </summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live")).ExcludeFromDescription().AllowAnonymous();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription().AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(
        Schema schema, ICache cache, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return NotReady("stopping");
        }

        try
        {
            if (await schema.UnfitAsync(cancellation) is not null)
            {
                return NotReady("schema");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return NotReady("database");
        }

        return Results.Json(new { state = "ready", redis = cache is RedisCache redis ? redis.IsConnected ? "connected" : "away" : "none" });
    }

    private static IResult NotReady(string cause) => Results.Json(new { state = "not_ready", cause }, statusCode: 503);
}
