using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Photos;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>A worker hands her entry in: first her own union confirms it, then the county looks at it.</summary>
internal static class SubmitEntry
{
    /// <param name="Version">As last answered.</param>
    public sealed record Request([property: Needed] int? Version);

    public sealed record Response(EntryState State, int Version);

    /// <summary>提交联谊信息 (hand in my singles' entry).</summary>
    /// <response code="409">no_singles_entry, entry_not_draft, singles_consent_needed, declaration_needed, members_only, phone_needed, changed_meanwhile.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, EntryDecisions entries, CheckTexts texts, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var entry = await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(SinglesProblems.NoEntry);
                await SinglesConsents.TakeAsync(db, caller.PersonId, cancellation);
                if (entry.State is not (EntryState.Draft or EntryState.Returned))
                {
                    throw new Refusal(SinglesProblems.EntryNotDraft) { Present = new { entry.State, entry.Version } };
                }

                var unionId = await UnionAsync(db, caller, cancellation);
                var move = new EntryMove(stepId, EntryState.Submitted, EntryStepKind.Submission, "submit_singles_entry", HandedTo: unionId);
                await entries.MoveAsync(db, entry, request.Version!.Value, move, caller, now, cancellation);
                await EntryPhotos.HandInAsync(db, entry.Id, now, cancellation);
            },
            cancellation);

        // She is here now, which the platform asks for; whatever comes of it, the entry is handed in.
        await texts.CheckAsync(caller.PersonId, cancellation);
        await using var db = database.Open();
        var entry = await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == caller.PersonId, cancellation) ?? throw new Refusal(SinglesProblems.NoEntry);
        return TypedResults.Ok(new Response(entry.State, entry.Version));
    }

    /// <summary>The union that will confirm it; refuses what is missing.</summary>
    private static async Task<string> UnionAsync(Db db, Caller caller, CancellationToken cancellation)
    {
        await SinglesConsents.NeedAsync(db, caller.PersonId, SinglesConsents.Purpose, SinglesProblems.ConsentNeeded, cancellation);
        await SinglesConsents.NeedAsync(db, caller.PersonId, SinglesConsents.Declaration, SinglesProblems.DeclarationNeeded, cancellation);
        var facts = (await MemberFacts.ReadAsync(db, [caller.PersonId], cancellation))[caller.PersonId];
        if (facts.State is not (MembershipState.Active or MembershipState.Transferring))
        {
            throw new Refusal(SinglesProblems.MembersOnly);
        }

        return await db.Persons.AnyAsync(p => p.Id == caller.PersonId && p.PhoneSealed != null, cancellation)
            ? facts.UnionId!
            : throw new Refusal(SinglesProblems.PhoneNeeded);
    }
}
