using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// The steps of an application fill in one form. Every change raises the application's version, so an officer decides
/// on what she read and two phones do not overwrite each other.
/// </summary>
internal sealed class Drafts(Database database, TimeProvider clock)
{
    private const string SelfService = "mini_program";
    private const int FirstVersion = 1;

    /// <summary>
    /// Applies a step to the form of the caller's open application, which the first step opens. A repeat that changes
    /// nothing is answered like the first time, whatever version it names.
    /// </summary>
    /// <returns>The application's version now.</returns>
    public async Task<int> FillInAsync(
        Caller caller, int? version, Func<Db, MemberRecordRow, Task<MemberRecordRow>> step, string? unionId, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two first steps at once: the other one opened the application.
            return await database.TransactAsync(Work, cancellation);
        }

        async Task<int> Work(Db db)
        {
            var now = clock.Milliseconds();
            var open = await OpenApplicationAsync(db, caller, now, cancellation);
            var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == caller.PersonId, cancellation);
            var before = record ?? new MemberRecordRow { PersonId = caller.PersonId, UpdatedAt = now };
            var after = await step(db, before) with { UpdatedAt = before.UpdatedAt };
            if (after == before && (unionId is null || unionId == open.UnionId))
            {
                return open.Version;
            }

            // Null is the first step's: nobody has changed anything in this application yet.
            if (version != open.Version && !(version is null && open.Version == FirstVersion))
            {
                throw await ChangedApplication.ReadAsync(db, open.Id, cancellation);
            }

            await RaiseVersionAsync(db, open, unionId, now);
            await db.InsertOrReplaceAsync(after with { UpdatedAt = now }, token: cancellation);
            return open.Version + 1;
        }
    }

    private static async Task<ApplicationRow> OpenApplicationAsync(Db db, Caller caller, long now, CancellationToken cancellation)
    {
        var open = await db.Applications.FirstOrDefaultAsync(a => a.OpenPersonId == caller.PersonId, cancellation);
        if (open is { State: ApplicationState.Submitted })
        {
            throw new Refusal(MembersProblems.UnderReview);
        }

        if (open is not null)
        {
            return open;
        }

        if (await db.Memberships.AnyAsync(m => m.LivePersonId == caller.PersonId, cancellation))
        {
            throw new Refusal(MembersProblems.AlreadyMember);
        }

        var draft = new ApplicationRow
        {
            Id = Ids.New(),
            PersonId = caller.PersonId,
            MadeBy = caller.PersonId,
            Source = SelfService,
            State = ApplicationState.Draft,
            Version = FirstVersion,
            OpenPersonId = caller.PersonId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await db.InsertAsync(draft, token: cancellation);
        return draft;
    }

    private static async Task RaiseVersionAsync(Db db, ApplicationRow open, string? unionId, long now)
    {
        var raised = await db.Applications
            .Where(a => a.Id == open.Id && a.Version == open.Version && a.State == open.State)
            .Set(a => a.Version, open.Version + 1)
            .Set(a => a.UnionId, unionId ?? open.UnionId)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync();
        if (raised == 0)
        {
            throw await ChangedApplication.ReadAsync(db, open.Id, CancellationToken.None);
        }
    }
}
