using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>The body of a route is a file itself, at most so large; other routes take forms of some pages.</summary>
internal sealed record UploadBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

/// <summary>Routes that take or answer bytes instead of JSON.</summary>
internal static class Bytes
{
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, string contentType) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"] = new OpenApiResponse { Description = "The file.", Content = Content(contentType) };
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder route, int mostBytes, params string[] contentTypes) => route
        .WithMetadata(new UploadBody(mostBytes))
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(contentTypes) };
            return Task.CompletedTask;
        });

    private static Dictionary<string, OpenApiMediaType> Content(params string[] types) =>
        types.ToDictionary(t => t, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } });
}
