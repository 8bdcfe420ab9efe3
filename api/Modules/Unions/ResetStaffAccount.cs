using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// A staff member forgot her password or lost her authenticator. After checking who she is, the security administrator
/// makes a link by which she sets up both anew; one kind of link, because one identity check vouches for both.
/// </summary>
internal static class ResetStaffAccount
{
    /// <param name="Reason">What happened and how she was identified; kept sealed.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <summary>重设密码和动态口令 (make a reset link). Using it ends all her sessions.</summary>
    /// <response code="409">own_account, account_disabled, grants_beyond_reach.</response>
    internal static async Task<Created<OneTimeLink>> Handle(
        string id, Request request, Caller caller, StaffLinks links, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var link = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (account, grants) = await db.HoldWholeAccountAsync(caller, id, cancellation);
                if (account.DisabledAt is not null)
                {
                    throw new Refusal(StaffProblems.AccountDisabled);
                }

                var needsTotp = account.TotpSealed is not null || grants.Any(g => SecondFactor.Roles.Contains(g.Role));
                var made = await links.ResetAsync(db, account, needsTotp, request.Reason!, caller.PersonId, now);
                await Audit.WriteAsync(db, caller, "reset_staff", "staff_account", id, now);
                return made;
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/staff-accounts", link);
    }
}
