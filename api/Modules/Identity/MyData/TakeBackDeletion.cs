using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>A person wants to stay after all; possible until the deletion is carried out.</summary>
internal static class TakeBackDeletion
{
    /// <summary>撤销删除申请 (take the request back); a repeat, or none being there, is answered the same.</summary>
    internal static async Task<NoContent> Handle(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var open = await db.DeletionRequests.FirstOrDefaultAsync(d => d.OpenPersonId == caller.PersonId, cancellation);
                var taken = await db.DeletionRequests.Where(d => d.OpenPersonId == caller.PersonId)
                    .Set(d => d.TakenBackAt, now).Set(d => d.OpenPersonId, (string?)null).UpdateAsync(cancellation);
                if (open is not null && taken > 0)
                {
                    await Audit.WriteAsync(db, caller, "take_back_deletion", "deletion", open.Id, now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
