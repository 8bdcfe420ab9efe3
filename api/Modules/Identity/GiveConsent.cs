using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A person agrees to a consent text (PIPL art. 14): purpose, version, hash of the text, time, channel.</summary>
internal static class GiveConsent
{
    private const string Channel = "mini_program";

    /// <param name="Version">The version that was shown.</param>
    /// <param name="TextHash">Its hash as given with the text.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(64, 64)] string? TextHash);

    /// <param name="Purpose">What for.</param>
    /// <param name="Version">Which text.</param>
    /// <param name="GivenAt">When; a repeat keeps the first time.</param>
    public sealed record Response(string Purpose, int Version, DateTimeOffset GivenAt);

    /// <summary>同意告知书 (agree to a consent text).</summary>
    /// <response code="409">consent_text_changed: read the newest text first.</response>
    internal static async Task<Ok<Response>> Handle(
        string purpose, Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
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
            var text = await db.ConsentTexts.Where(t => t.Purpose == purpose)
                .OrderByDescending(t => t.Version).FirstOrDefaultAsync(cancellation)
                ?? throw new Refusal(CommonProblems.NotFound);
            if (text.Version != request.Version || text.TextHash != request.TextHash)
            {
                throw new Refusal(IdentityProblems.ConsentTextChanged);
            }

            var live = await db.LiveConsentAsync(caller.PersonId, purpose, cancellation);
            var consent = live?.Version == text.Version ? live : await AgreeAsync(db, caller, text, live, clock.Milliseconds());
            return TypedResults.Ok(new Response(consent.Purpose, consent.Version, Instants.At(consent.GivenAt)));
        }
    }

    public static Task<ConsentRow?> LiveConsentAsync(this Db db, string personId, string purpose, CancellationToken cancellation) =>
        db.Consents.FirstOrDefaultAsync(c => c.PersonId == personId && c.LivePurpose == purpose, cancellation);

    /// <summary>The consent that holds, when it is to the newest text.</summary>
    public static async Task<ConsentRow?> CurrentConsentAsync(this Db db, string personId, string purpose, CancellationToken cancellation)
    {
        var newest = await db.ConsentTexts.Where(t => t.Purpose == purpose).MaxAsync(t => (int?)t.Version, cancellation);
        return await db.LiveConsentAsync(personId, purpose, cancellation) is { } consent && consent.Version == newest ? consent : null;
    }

    /// <summary>
    /// Takes the row of the consent that holds until the transaction ends: who takes the consent back meanwhile waits, and
    /// deletes what was written; who took it back before leaves nothing to write upon.
    /// </summary>
    /// <returns>False: there is none.</returns>
    public static async Task<bool> TakeConsentAsync(this Db db, string personId, string purpose, CancellationToken cancellation) =>
        await db.ExecuteAsync("UPDATE consents SET channel = channel WHERE person_id = @personId AND live_purpose = @purpose", new { personId, purpose }, cancellation) > 0;

    /// <summary>A newer text replaces the older consent, which stays as a row with its end.</summary>
    private static async Task<ConsentRow> AgreeAsync(Db db, Caller caller, ConsentTextRow text, ConsentRow? older, long now)
    {
        if (older is not null)
        {
            await db.Consents.Where(c => c.Id == older.Id)
                .Set(c => c.WithdrawnAt, now).Set(c => c.LivePurpose, (string?)null).UpdateAsync();
        }

        var consent = new ConsentRow
        {
            Id = Ids.New(),
            PersonId = caller.PersonId,
            Purpose = text.Purpose,
            Version = text.Version,
            TextHash = text.TextHash,
            Channel = Channel,
            GivenAt = now,
            LivePurpose = text.Purpose,
        };
        await db.InsertAsync(consent);
        await Audit.WriteAsync(db, caller, "give_consent", "consent", consent.Id, now);
        return consent;
    }
}
