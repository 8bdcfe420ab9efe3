using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>A worker agrees to be helped in confidence, and to the exceptions. It stands in her locked record, not among other consents.</summary>
internal static class GiveCounsellingConsent
{
    private const int SecretBytes = 16;

    /// <param name="Version">The version that was shown.</param>
    /// <param name="TextHash">Its hash as given with the text.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(64, 64)] string? TextHash);

    /// <param name="GivenAt">When; a repeat keeps the first time.</param>
    public sealed record Response(int Version, DateTimeOffset GivenAt, IReadOnlyList<Hotline> Hotlines);

    /// <summary>同意心理咨询知情同意书 (agree).</summary>
    /// <response code="409">counselling_consent_text_changed: read the newest text first.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, ConsentText text, ClientRecords clients, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        if (request.Version != text.Version || request.TextHash != text.TextHash)
        {
            throw new Refusal(CounsellingProblems.ConsentTextOutdated);
        }

        try
        {
            return await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Agreed twice at once: the other one is in by now.
            return await database.TransactAsync(Work, cancellation);
        }

        async Task<Ok<Response>> Work(Db db)
        {
            var id = keys.ClientOf(caller.PersonId);
            var known = (await clients.TakeAsync(db, caller.PersonId, cancellation))?.Record;
            if (known?.Consent is { } given && given.Version == text.Version)
            {
                return TypedResults.Ok(new Response(given.Version, Instants.At(given.GivenAt), Hotline.All(settings)));
            }

            var now = clock.Milliseconds();
            var consent = new ClientConsent(text.Version, text.TextHash, now);
            if (known is null)
            {
                var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
                await clients.AddAsync(db, new ClientRecord(caller.PersonId, secret) { Consent = consent }, cancellation);
            }
            else
            {
                await clients.SaveAsync(db, id, known with { Consent = consent }, cancellation);
            }

            await Audit.WriteAsync(db, keys.Masked(caller, $"consent|{text.Version}"), "give_counselling_consent", "counselling_consent", keys.Masked(id, $"consent|{text.Version}"), now);
            return TypedResults.Ok(new Response(consent.Version, Instants.At(consent.GivenAt), Hotline.All(settings)));
        }
    }
}
