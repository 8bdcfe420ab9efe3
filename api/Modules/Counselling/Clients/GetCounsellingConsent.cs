using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>What do I agree to before I book, and have I?</summary>
internal static class GetCounsellingConsent
{
    /// <param name="TextHash">SHA-256 of the body in hex; give it back when agreeing.</param>
    /// <param name="GivenAt">When I agreed to this version; null when I have not.</param>
    public sealed record Response(int Version, string Title, string Body, string TextHash, DateTimeOffset? GivenAt, IReadOnlyList<Hotline> Hotlines);

    /// <summary>心理咨询知情同意书 (what I agree to before I book).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ConsentText text, ClientRecords clients, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var consent = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record.Consent;
        var givenAt = consent?.Version == text.Version ? consent.GivenAt : (long?)null;
        return TypedResults.Ok(new Response(text.Version, text.Title, text.Body, text.TextHash, Instants.At(givenAt), Hotline.All(settings)));
    }
}
