using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Who am I in the office, and how far do I reach?</summary>
internal static class GetOfficeMe
{
    public sealed record GrantItem(Role Role, string UnionId, string UnionName);

    /// <param name="Grants">Each reaches its union and those below.</param>
    public sealed record Response(string PersonId, string DisplayName, IReadOnlyList<GrantItem> Grants);

    /// <summary>我的账号与授权 (my account and grants).</summary>
    internal static async Task<Ok<Response>> Handle(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var account = await db.StaffAccounts.FirstAsync(a => a.PersonId == caller.PersonId, cancellation);
        var grants = await (from grant in db.Grants
                            join union in db.Unions on grant.UnionId equals union.Id
                            where grant.PersonId == caller.PersonId
                            select new GrantItem(grant.Role, union.Id, union.Name)).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(account.PersonId, account.DisplayName, [.. grants.OrderBy(g => g.Role).ThenBy(g => g.UnionId)]));
    }
}
