using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Photos;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>A worker writes or changes her entry. Whatever she changes is looked at again: it becomes a draft.</summary>
internal static class FillInEntry
{
    /// <param name="Version">As last answered; left out for the first time.</param>
    public sealed record Request(int? Version, [property: Needed] EntryForm? Entry);

    /// <param name="Version">Give this back with the next change or the submission.</param>
    public sealed record Response(EntryState State, int Version);

    /// <summary>填写联谊信息 (write my singles' entry).</summary>
    /// <response code="409">singles_consent_needed, changed_meanwhile.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        request.Entry!.Check();
        try
        {
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Written twice at once for the first time: the other one is there by now.
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }

        async Task<Response> Work(Db db)
        {
            var now = clock.Milliseconds();
            await SinglesConsents.TakeAsync(db, caller.PersonId, cancellation);
            await SinglesConsents.NeedAsync(db, caller.PersonId, SinglesConsents.Purpose, SinglesProblems.ConsentNeeded, cancellation);
            var entry = await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == caller.PersonId, cancellation);
            if (entry is not null && entry.State == EntryState.Draft && EntryForm.Of(entry, cipher).IsSameAs(request.Entry!))
            {
                return new Response(entry.State, entry.Version);
            }

            var id = entry?.Id ?? Ids.New();
            var version = entry is null
                ? await InsertAsync(db, id, request, caller, cipher, now, cancellation)
                : await ChangeAsync(db, entry, request, caller, cipher, now, cancellation);
            await EntryPhotos.SetAsync(db, id, caller, request.Entry!.PhotoFileIds ?? [], cancellation);
            await Audit.WriteAsync(db, caller, "fill_in_singles_entry", "singles_entry", id, now);
            return new Response(EntryState.Draft, version);
        }
    }

    private static async Task<int> InsertAsync(Db db, string id, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        if (request.Version is not null)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { State = (EntryState?)null, Version = (int?)null } };
        }

        await db.InsertAsync(
            new SinglesEntryRow
            {
                Id = id,
                PersonId = caller.PersonId,
                State = EntryState.Draft,
                Version = 1,
                DetailsSealed = request.Entry!.Seal(cipher, id),
                TextCheck = TextCheck.Pending,
                Turn = 0,
                RenewedAt = now,
                CreatedAt = now,
                UpdatedAt = now,
            },
            token: cancellation);
        return 1;
    }

    private static async Task<int> ChangeAsync(Db db, SinglesEntryRow entry, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var changed = await db.SinglesEntries.Where(e => e.Id == entry.Id && e.Version == request.Version)
            .Set(e => e.State, EntryState.Draft)
            .Set(e => e.Version, entry.Version + 1)
            .Set(e => e.DetailsSealed, request.Entry!.Seal(cipher, entry.Id))
            .Set(e => e.ConfirmedBy, (string?)null)
            .Set(e => e.TextCheck, TextCheck.Pending)
            .Set(e => e.CheckDueAt, (long?)null)
            .Set(e => e.RenewedAt, now)
            .Set(e => e.UpdatedAt, now)
            .UpdateAsync(cancellation);
        return changed == 1 ? entry.Version + 1 : throw await EntryDecisions.ChangedAsync(db, entry, caller, cancellation);
    }
}
