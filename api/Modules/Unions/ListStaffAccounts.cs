using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Who acts for the unions in my reach?</summary>
internal static class ListStaffAccounts
{
    public sealed record GrantItem(Role Role, string UnionId, string UnionName, DateTimeOffset GrantedAt);

    /// <param name="Id">The account, which is the person.</param>
    /// <param name="HasTotp">She signs in with a TOTP code.</param>
    /// <param name="RecoveryCodesLeft">Of ten.</param>
    /// <param name="DisabledAt">Null while she may sign in.</param>
    /// <param name="Grants">All that she holds now, also those beyond the reader's reach: they decide what she may be given.</param>
    public sealed record Item(
        string Id, string Name, string DisplayName, bool HasTotp, int RecoveryCodesLeft, DateTimeOffset? LastSignInAt, DateTimeOffset? DisabledAt, IReadOnlyList<GrantItem> Grants);

    /// <summary>工作人员账号 (staff accounts) within reach, oldest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var accounts = await db.AccountsInReach(reach)
            .Where(a => mark == null || a.PersonId.CompareTo(mark) > 0)
            .OrderBy(a => a.PersonId).Take(count + 1).ToListAsync(cancellation);
        var ids = accounts.Select(a => a.PersonId).ToArray();
        var grants = (await (
            from grant in db.Grants
            join union in db.Unions on grant.UnionId equals union.Id
            where ids.Contains(grant.PersonId)
            orderby grant.GrantedAt
            select new { Grant = grant, union.Name }).ToListAsync(cancellation))
            .ToLookup(g => g.Grant.PersonId, g => new GrantItem(g.Grant.Role, g.Grant.UnionId, g.Name, Instants.At(g.Grant.GrantedAt)));
        var codes = (await db.RecoveryCodes.Where(c => ids.Contains(c.PersonId) && c.UsedAt == null)
            .Select(c => c.PersonId).ToListAsync(cancellation)).CountBy(id => id).ToDictionary();
        return TypedResults.Ok(Listing<Item>.Of(
            accounts, count, a => ItemOf(a, codes.GetValueOrDefault(a.PersonId), [.. grants[a.PersonId]]), a => a.PersonId));
    }

    private static Item ItemOf(StaffAccountRow account, int codesLeft, IReadOnlyList<GrantItem> grants) => new(
        account.PersonId,
        account.Name,
        account.DisplayName,
        account.TotpSealed is not null,
        codesLeft,
        Instants.At(account.LastSignInAt),
        Instants.At(account.DisabledAt),
        grants);
}
