using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace WeChatUnion.Api.Infrastructure.Errors;

/// <summary>
/// Writes a problem whatever the caller says she accepts: the framework's own writer stays silent towards, say, a
/// browser's picture tag, which then would get an empty answer or a 500.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json, IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);

        // A refusal speaks of one person at one moment, also where her session ran out and no route answered.
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return new ValueTask(context.HttpContext.Response.WriteAsJsonAsync(
            context.ProblemDetails, context.ProblemDetails.GetType(), json.Value.SerializerOptions, "application/problem+json"));
    }
}
