using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>
/// JSON between systems is UTF-8 (RFC 8259, 8.1). Left to itself the framework transcodes what it knows and breaks down
/// on a charset that it does not know.
/// </summary>
internal sealed class Utf8Only(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null && !IsUtf8(http.Request.ContentType)
            ? throw new Refusal(CommonProblems.UnsupportedMediaType)
            : next(http);

    private static bool IsUtf8(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out var type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
