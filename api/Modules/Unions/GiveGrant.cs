using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>The security administrator gives a staff member one more role at a union in her reach.</summary>
internal static class GiveGrant
{
    /// <param name="GrantedAt">When it was first given; a repeat changes nothing.</param>
    public sealed record Response(Role Role, string UnionId, string UnionName, DateTimeOffset GrantedAt);

    /// <summary>授权 (give a grant).</summary>
    /// <response code="409">own_account, duties_exclude, account_disabled, totp_not_set_up.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, string role, string unionId, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var given = Duties.RoleOf(role) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (account, reach) = await db.HoldAccountAsync(caller, id, cancellation);
                var union = await db.Unions.FirstOrDefaultAsync(u => u.Id == unionId, cancellation);
                if (union is null || !await db.IsInReachAsync(reach, unionId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                if (SecondFactor.Roles.Contains(given) && account is { TotpSealed: null, IsDemo: false, DisabledAt: null })
                {
                    throw new Refusal(StaffProblems.TotpNotSetUp);
                }

                if (await Identity.Grants.GiveAsync(db, id, given, unionId, caller.PersonId, now, cancellation))
                {
                    await Audit.WriteAsync(db, caller, $"give_{given.Word()}", "staff_account", id, now);
                }

                var grant = await db.Grants.FirstAsync(g => g.PersonId == id && g.Role == given && g.UnionId == unionId, cancellation);
                return new Response(grant.Role, grant.UnionId, union.Name, Instants.At(grant.GrantedAt));
            },
            cancellation));
    }
}
