using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Who may do what to whose staff account.</summary>
internal static class StaffReach
{
    /// <summary>Accounts with a grant in reach; one without any grant counts by those that ended.</summary>
    public static IQueryable<StaffAccountRow> AccountsInReach(this Db db, Reach reach)
    {
        var (grants, past, ancestors) = (db.Grants, db.PastGrants, db.UnionAncestors);
        return db.StaffAccounts.Where(a =>
            grants.Any(g => g.PersonId == a.PersonId
                && ancestors.Any(n => n.UnionId == g.UnionId && reach.UnionIds.Contains(n.AncestorId)))
            || (!grants.Any(g => g.PersonId == a.PersonId)
                && past.Any(g => g.PersonId == a.PersonId
                    && ancestors.Any(n => n.UnionId == g.UnionId && reach.UnionIds.Contains(n.AncestorId)))));
    }

    /// <summary>
    /// Takes caller's and target's account rows and looks, only then, whether she still is the security administrator
    /// who may: of two who end each other's grants at once, one finds that she no longer may. As nobody changes her
    /// own account, the last security administrator therefore stays.
    /// </summary>
    /// <returns>The account, and how far the caller reaches as security administrator.</returns>
    public static async Task<(StaffAccountRow Account, Reach Reach)> HoldAccountAsync(
        this Db db, Caller caller, string personId, CancellationToken cancellation)
    {
        if (personId == caller.PersonId)
        {
            throw new Refusal(StaffProblems.OwnAccount);
        }

        await Identity.Grants.HoldAsync(db, caller.PersonId, personId);
        var mine = (await db.GrantsOfAsync(caller.PersonId, cancellation))
            .Where(g => g.Role == Role.SecurityAdministrator).Select(g => g.UnionId).ToArray();
        if (mine.Length == 0)
        {
            throw new Refusal(CommonProblems.NotAllowed);
        }

        var reach = new Reach(mine);
        var account = await db.AccountsInReach(reach).FirstOrDefaultAsync(a => a.PersonId == personId, cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        return (account, reach);
    }

    /// <summary>What concerns the whole account needs reach over all its grants.</summary>
    public static async Task<(StaffAccountRow Account, IReadOnlyList<GrantRow> Grants)> HoldWholeAccountAsync(
        this Db db, Caller caller, string personId, CancellationToken cancellation)
    {
        var (account, reach) = await db.HoldAccountAsync(caller, personId, cancellation);
        var grants = await db.GrantsOfAsync(personId, cancellation);
        foreach (var grant in grants)
        {
            if (!await db.IsInReachAsync(reach, grant.UnionId, cancellation))
            {
                throw new Refusal(StaffProblems.GrantsBeyondReach);
            }
        }

        return (account, grants);
    }

    /// <summary>
    /// A security administrator gives every role at her union and below, a union chair operative ones only. Take the
    /// caller's account row first.
    /// </summary>
    public static async Task RefuseToGiveAsync(this Db db, Caller caller, Role role, string unionId, CancellationToken cancellation)
    {
        var mine = (await db.GrantsOfAsync(caller.PersonId, cancellation))
            .Where(g => g.Role == Role.SecurityAdministrator || (g.Role == Role.UnionChair && !role.IsAdministrator()))
            .Select(g => g.UnionId).ToArray();
        if (mine.Length == 0)
        {
            throw new Refusal(CommonProblems.NotAllowed);
        }

        if (!await db.IsInReachAsync(new Reach(mine), unionId, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }
    }
}
