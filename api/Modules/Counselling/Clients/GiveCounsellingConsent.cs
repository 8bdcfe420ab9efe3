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

        return await database.TransactAsync(Work, cancellation);

        async Task<Ok<Response>> Work(Db db)
        {
            var (row, known) = await clients.TakeOrAddAsync(db, caller.PersonId, cancellation);
            if (known.Consent is { } given && given.Version == text.Version)
            {
                return TypedResults.Ok(new Response(given.Version, Instants.At(given.GivenAt), Hotline.All(settings)));
            }

            var now = clock.Milliseconds();
            var consent = new ClientConsent(text.Version, text.TextHash, now);
            await clients.SaveAsync(db, row.Id, known with { Consent = consent }, cancellation);
            await Audit.WriteAsync(db, keys.Masked(caller, $"consent|{text.Version}"), "give_counselling_consent", "counselling_consent", keys.Masked(row.Id, $"consent|{text.Version}"), now);
            return TypedResults.Ok(new Response(consent.Version, Instants.At(consent.GivenAt), Hotline.All(settings)));
        }
    }
}
