using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>What confirmation, approval and return of an entry have in common.</summary>
internal sealed class EntryDecisions(FieldCipher cipher, IMessenger messenger)
{
    /// <summary>A county's division code has six digits, those above it fewer.</summary>
    private const int LongestCountyCode = 6;

    /// <summary>The entry if it was handed in and its union is in reach; a draft is the person's own affair.</summary>
    public static async Task<SinglesEntryRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation) =>
        await db.SinglesEntries.FirstOrDefaultAsync(e => e.Id == id && e.State != EntryState.Draft, cancellation) is { UnionId: { } unionId } entry
        && await db.IsInReachAsync(reach, unionId, cancellation)
            ? entry
            : throw new Refusal(CommonProblems.NotFound);

    /// <summary>Acts for the county or above, not for the person's own union.</summary>
    public static Task<bool> IsCountyAsync(Db db, Reach reach, string unionId, CancellationToken cancellation) =>
        OfCounty(db, reach).AnyAsync(a => a.UnionId == unionId, cancellation);

    /// <summary>The unions for which the caller acts as their county, each once or more.</summary>
    public static IQueryable<UnionAncestorRow> OfCounty(Db db, Reach reach)
    {
        var unions = db.Unions;
        return db.UnionAncestors.Where(
            a => reach.UnionIds.Contains(a.AncestorId)
                && unions.Any(u => u.Id == a.AncestorId && u.DivisionCode.Length <= LongestCountyCode && (a.Distance > 0 || u.ParentId == null)));
    }

    /// <summary>Nobody decides on her own entry, under one person or under two.</summary>
    public static async Task RefuseOwnAsync(Db db, SinglesEntryRow entry, Caller caller, CancellationToken cancellation)
    {
        if (await db.IsOneHumanAsync(caller.PersonId, entry.PersonId, cancellation))
        {
            throw new Refusal(SinglesProblems.OwnEntry);
        }
    }

    /// <summary>As it stands now; one that is gone meanwhile is not there for staff, and has no state and version for its owner.</summary>
    public static async Task<Refusal> ChangedAsync(Db db, SinglesEntryRow entry, Caller caller, CancellationToken cancellation)
    {
        var present = await db.SinglesEntries.Where(e => e.Id == entry.Id)
            .Select(e => new { State = (EntryState?)e.State, Version = (int?)e.Version }).FirstOrDefaultAsync(cancellation);
        return present is null && entry.PersonId != caller.PersonId
            ? new Refusal(CommonProblems.NotFound)
            : new Refusal(CommonProblems.ChangedMeanwhile) { Present = present ?? new { State = (EntryState?)null, Version = (int?)null } };
    }

    /// <summary>Moves the version that was read; of two officers one finds it changed.</summary>
    public async Task MoveAsync(Db db, SinglesEntryRow entry, int version, EntryMove move, Caller caller, long now, CancellationToken cancellation)
    {
        var change = db.SinglesEntries.Where(e => e.Id == entry.Id && e.State == entry.State && e.Version == version)
            .Set(e => e.State, move.State)
            .Set(e => e.Version, version + 1)
            .Set(e => e.ConfirmedBy, move.State == EntryState.Confirmed ? caller.PersonId : entry.ConfirmedBy)
            .Set(e => e.UpdatedAt, now);
        if (move.HandedTo is { } unionId)
        {
            change = change.Set(e => e.UnionId, unionId).Set(e => e.CheckDueAt, now);
        }

        if (await change.UpdateAsync(cancellation) == 0)
        {
            throw await ChangedAsync(db, entry, caller, cancellation);
        }

        await db.InsertAsync(
            new SinglesEntryStepRow
            {
                Id = move.StepId,
                EntryId = entry.Id,
                Kind = move.Kind,
                PersonId = caller.PersonId,
                ReasonSealed = move.Reason is null ? null : cipher.Seal(SinglesEntryStepRow.ReasonPlace, move.StepId, move.Reason),
                At = now,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, move.Deed, "singles_entry", entry.Id, now, entry.PersonId);
        if (move.Words is { } words)
        {
            await messenger.AddAsync(db, new Notice(entry.PersonId, move.Deed, words.Title, words.Text, entry.Id), now);
        }
    }
}

/// <param name="Deed">In the audit log, and the kind of the notice.</param>
/// <param name="Words">What the person is told; null: nothing.</param>
/// <param name="HandedTo">With a submission: the union that will confirm it. From now on its texts are to be checked.</param>
internal sealed record EntryMove(
    string StepId, EntryState State, EntryStepKind Kind, string Deed, string? Reason = null, (string Title, string Text)? Words = null, string? HandedTo = null);
