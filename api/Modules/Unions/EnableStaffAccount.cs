using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Somebody whose account was disabled is called back: her old name, everything else anew.</summary>
internal static class EnableStaffAccount
{
    /// <param name="Role">What she is to do from now on.</param>
    /// <param name="UnionId">Where.</param>
    public sealed record Request([property: Needed, KnownWord] Role? Role, [property: Needed, Id] string? UnionId);

    /// <summary>重新启用账号 (enable an account again) by a fresh link.</summary>
    /// <response code="409">own_account, account_not_disabled.</response>
    internal static async Task<Created<OneTimeLink>> Handle(
        string id, Request request, Caller caller, StaffLinks links, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var link = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (account, _) = await db.HoldWholeAccountAsync(caller, id, cancellation);
                if (account.DisabledAt is null)
                {
                    throw new Refusal(StaffProblems.AccountNotDisabled);
                }

                await db.RefuseToGiveAsync(caller, request.Role!.Value, request.UnionId!, cancellation);
                var made = await links.EnableAsync(db, account, request.Role.Value, request.UnionId!, caller.PersonId, now);
                await Audit.WriteAsync(db, caller, "enable_staff", "staff_account", id, now);
                return made;
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/staff-invitations", link);
    }
}
