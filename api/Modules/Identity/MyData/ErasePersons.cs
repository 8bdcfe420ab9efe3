using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>
/// Carries out the deletions whose cooling-off period is over, one transaction a person: a run that is cut off has
/// erased whole persons, and the next run goes on with the rest.
/// </summary>
internal sealed class ErasePersons(
    Database database, Erasing erasing, IEnumerable<MayNotErase> objections, SessionStore sessions, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var deletion in await DueAsync(cancellation))
        {
            var ended = await database.TransactAsync(db => CarryOutAsync(db, deletion, cancellation), cancellation);
            await sessions.BuryAsync(ended);
        }

        await ScrubAsync(cancellation);
    }

    private async Task<List<DeletionRow>> DueAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var now = clock.Milliseconds();
        return await db.DeletionRequests.Where(d => d.OpenPersonId != null && d.DueAt <= now)
            .OrderBy(d => d.DueAt).ThenBy(d => d.Id).ToListAsync(cancellation);
    }

    /// <returns>The sessions that ended.</returns>
    private async Task<IReadOnlyList<SessionRow>> CarryOutAsync(Db db, DeletionRow deletion, CancellationToken cancellation)
    {
        var (personId, now) = (deletion.PersonId, clock.Milliseconds());

        // The person's row first: what she or an officer begins meanwhile is seen here or comes after.
        await db.Persons.Where(p => p.Id == personId).Set(p => p.PhoneTail, p => p.PhoneTail).UpdateAsync(cancellation);
        var refusal = await Deletions.RefusalAsync(db, objections, personId, now, cancellation);
        var closed = await db.DeletionRequests.Where(d => d.Id == deletion.Id && d.OpenPersonId != null)
            .Set(d => d.OpenPersonId, (string?)null)
            .Set(d => d.RefusedAt, refusal is null ? null : now)
            .Set(d => d.CarriedOutAt, refusal is null ? now : null)
            .UpdateAsync(cancellation);
        if (closed == 0)
        {
            // Taken back at the last moment.
            return [];
        }

        if (refusal is not null)
        {
            await messenger.AddAsync(db, new Notice(personId, "deletion_refused", "删除申请未能办理", $"{refusal}办妥后请重新申请。", deletion.Id), now);
            return [];
        }

        var ended = await SessionStore.DeleteAsync(db, s => s.PersonId == personId);
        await erasing.EraseAsync(db, personId, now, cancellation);
        await Audit.WriteAsync(db, Operator.Here(), "erase_person", "deletion", deletion.Id, now, personId);
        return ended;
    }

    /// <summary>After a crash between the commit and this the next run finds the mark missing.</summary>
    private async Task ScrubAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var unscrubbed = await db.DeletionRequests.Where(d => d.CarriedOutAt != null && d.ScrubbedAt == null).Select(d => d.Id).ToListAsync(cancellation);
        if (unscrubbed.Count > 0 && await database.ScrubAsync(cancellation))
        {
            var now = clock.Milliseconds();
            await database.TransactAsync(
                writing => writing.DeletionRequests.Where(d => unscrubbed.Contains(d.Id)).Set(d => d.ScrubbedAt, now).UpdateAsync(cancellation), cancellation);
        }
    }
}
