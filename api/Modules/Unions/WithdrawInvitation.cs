using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>An invitation that went astray is withdrawn before anybody uses it.</summary>
internal static class WithdrawInvitation
{
    /// <summary>撤回邀请 (withdraw an invitation). One that is used, expired or withdrawn already stays as it is.</summary>
    internal static async Task<NoContent> Handle(
        string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                await Identity.Grants.HoldAsync(db, caller.PersonId);
                var link = await db.StaffLinks.FirstOrDefaultAsync(l => l.Id == id && l.Role != null, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                await db.RefuseToGiveAsync(caller, link.Role!.Value, link.UnionId!, cancellation);
                var withdrawn = await db.StaffLinks.Where(l => l.Id == id && l.UsedAt == null && l.WithdrawnAt == null)
                    .Set(l => l.WithdrawnAt, now).UpdateAsync(cancellation);
                if (withdrawn == 1)
                {
                    await Audit.WriteAsync(db, caller, "withdraw_invitation", "staff_link", id, now);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
