using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Api.Modules.Singles.Reports;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>A worker reads her own entry.</summary>
internal static class GetMyEntry
{
    /// <param name="ReturnReason">Why it was returned; null else.</param>
    /// <param name="KeptUntil">Deleted then, unless renewed or after another evening.</param>
    /// <param name="Barred">Why and until when I may not take part; null: I may.</param>
    public sealed record Response(EntryForm Entry, EntryState State, int Version, TextCheck TextCheck, string? ReturnReason, DateTimeOffset KeptUntil, string? Barred, IReadOnlyList<Photo> Photos);

    /// <summary>我的联谊信息 (my singles' entry).</summary>
    /// <response code="409">no_singles_entry.</response>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, Database database, FieldCipher cipher, EntriesKept kept, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var entry = await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(SinglesProblems.NoEntry);
        var returned = entry.State == EntryState.Returned
            ? await db.SinglesEntrySteps.Where(s => s.EntryId == entry.Id && s.Kind == EntryStepKind.Return).OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellation)
            : null;
        var bars = await Bars.OfAsync(db, [caller.PersonId], cipher, clock.Milliseconds(), cancellation);
        return TypedResults.Ok(new Response(
            EntryForm.Of(entry, cipher),
            entry.State,
            entry.Version,
            entry.TextCheck,
            returned is null ? null : cipher.Open(SinglesEntryStepRow.ReasonPlace, returned.Id, returned.ReasonSealed!),
            Instants.At(await kept.UntilAsync(db, entry, cancellation)),
            bars.GetValueOrDefault(caller.PersonId),
            await EntryPhotos.OfAsync(db, entry.Id, cancellation)));
    }
}
