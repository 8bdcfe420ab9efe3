using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>What am I asked to agree to?</summary>
internal static class GetConsentText
{
    /// <param name="Purpose">What the consent is for, e.g. <c>membership</c>.</param>
    /// <param name="Version">Give this back when agreeing.</param>
    /// <param name="TextHash">SHA-256 of the body in hex: what exactly was agreed to.</param>
    public sealed record Response(string Purpose, int Version, string Title, string Body, string TextHash);

    /// <summary>告知同意书 (consent text), the newest version.</summary>
    internal static async Task<Ok<Response>> Handle(string purpose, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var text = await db.ConsentTexts.Where(t => t.Purpose == purpose)
            .OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Ok(new Response(text.Purpose, text.Version, text.Title, text.Body, text.TextHash));
    }
}
