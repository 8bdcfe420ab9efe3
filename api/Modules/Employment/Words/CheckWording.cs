using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>Somebody who writes a vacancy asks what the machine would find, before she hands it in.</summary>
internal static class CheckWording
{
    /// <param name="Title">岗位名称.</param>
    /// <param name="Duties">工作内容.</param>
    /// <param name="Requirements">任职要求.</param>
    /// <param name="Other">Any other text, e.g. 工资构成.</param>
    public sealed record Request(
        [property: LengthBetween(0, 30)] string? Title,
        [property: LengthBetween(0, 500)] string? Duties,
        [property: LengthBetween(0, 500)] string? Requirements,
        [property: LengthBetween(0, 500)] string? Other);

    public sealed record Response(IReadOnlyList<Finding> Findings);

    /// <summary>用语检查 (check a text).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var list = await WordRules.OnAsync(db, clock.Today(), cancellation);
        return TypedResults.Ok(new Response(WordCheck.Find(
            [("title", request.Title), ("duties", request.Duties), ("requirements", request.Requirements), ("other", request.Other)], list)));
    }
}
