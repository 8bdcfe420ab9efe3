using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// The security administrator takes a role back. It acts with the next request, as grants are read on each; the grant
/// stays as history.
/// </summary>
internal static class TakeGrant
{
    /// <summary>收回授权 (take a grant back). One that is not there is taken back already.</summary>
    internal static async Task<NoContent> Handle(
        string id, string role, string unionId, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var taken = Duties.RoleOf(role) ?? throw new Refusal(CommonProblems.NotFound);
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (_, reach) = await db.HoldAccountAsync(caller, id, cancellation);
                if (!await db.IsInReachAsync(reach, unionId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                var grants = await db.Grants.Where(g => g.PersonId == id && g.Role == taken && g.UnionId == unionId).ToListAsync(cancellation);
                if (grants.Count > 0)
                {
                    await Identity.Grants.EndAsync(db, grants, id, caller.PersonId, now);
                    await StaffLinks.WithdrawMadeByAsync(db, id, now);
                    await Audit.WriteAsync(db, caller, $"take_{taken.Word()}", "staff_account", id, now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
