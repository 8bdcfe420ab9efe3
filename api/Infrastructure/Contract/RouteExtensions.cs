using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.RateLimits;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>The two halves of the contract; modules hang their routes here.</summary>
internal sealed record Routes(RouteGroupBuilder Worker, RouteGroupBuilder Office);

/// <summary>The refusals a route may give beyond the common ones; they reach the OpenAPI documents and a test.</summary>
internal sealed record RefusalsMetadata(IReadOnlyList<Problem> Problems);

/// <summary>Why a POST needs no idempotency key.</summary>
internal sealed record IdempotencyExemption(string Reason);

/// <summary>A PUT that asks for an idempotency key, so that a late repeat does not undo what came after it.</summary>
internal sealed record IdempotencyDemand;

/// <summary>The log keeps back who called: that she called here at all is nobody's business.</summary>
internal sealed record NamelessRoute;

/// <summary>What every problem of a route carries besides, e.g. whom to call instead.</summary>
internal sealed record ProblemAddition(string Name, Func<IServiceProvider, object> Content);

/// <summary>What a route's line in its module's table may say.</summary>
internal static class RouteExtensions
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params Problem[] problems) =>
        route.WithMetadata(new RefusalsMetadata(problems));

    public static RouteHandlerBuilder NeedsNoKey(this RouteHandlerBuilder route, string reason) =>
        route.WithMetadata(new IdempotencyExemption(reason));

    public static RouteHandlerBuilder NeedsKey(this RouteHandlerBuilder route) => route.WithMetadata(new IdempotencyDemand());

    public static RouteHandlerBuilder IsCostly(this RouteHandlerBuilder route) => route.WithMetadata(new CostlyRoute());
}

/// <summary>Route constraint <c>:id</c>, so that a mistyped id is simply not there.</summary>
internal sealed class IdConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && Database.Ids.IsId(value as string);
}
