using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A counsellor keeps her own file; what entitles her is reviewed by a supervisor, each time it changes.</summary>
internal static class SetMyFile
{
    /// <param name="Version">The version that was read; left out the first time.</param>
    public sealed record Request(int? Version, [property: Needed] CounsellorForm? Form);

    /// <summary>填写咨询师资料 (keep my file).</summary>
    internal static async Task<Ok<CounsellorFile>> Handle(
        Request request, Caller caller, Reach reach, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        request.Form!.Check();
        try
        {
            return await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two first times at once: the other one is in by now.
            return await database.TransactAsync(Work, cancellation);
        }

        async Task<Ok<CounsellorFile>> Work(Db db)
        {
            var now = clock.Milliseconds();
            var before = await db.Counsellors.FirstOrDefaultAsync(c => c.PersonId == caller.PersonId, cancellation);
            var row = request.Form.RowOf(before?.Id ?? Ids.New(), caller.PersonId, before?.UnionId ?? reach.UnionIds.Order(StringComparer.Ordinal).First(), before, cipher, now);
            if (before is null)
            {
                await db.InsertAsync(row, token: cancellation);
            }
            else if (request.Version != before.Version
                || await db.Counsellors.Where(c => c.Id == row.Id && c.Version == before.Version).Set(c => c.Version, row.Version).UpdateAsync(cancellation) == 0)
            {
                throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
            }
            else
            {
                await db.UpdateAsync(row, token: cancellation);
            }

            await Audit.WriteAsync(db, caller, "set_counsellor_file", "counsellor", row.Id, now);
            return TypedResults.Ok(CounsellorFile.Of(row, cipher, Instants.DateOf(now)));
        }
    }
}
