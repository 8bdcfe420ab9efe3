using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Giving and ending grants (授权). The account's row is taken first, so changes to one person's grants follow one another.</summary>
internal static class Grants
{
    /// <summary>
    /// Takes the account rows, lower id first. What is then read of their grants stays true until the commit; the
    /// counter is what a cluster with many writers compares.
    /// </summary>
    public static async Task HoldAsync(Db db, params string[] personIds)
    {
        foreach (var personId in personIds.Distinct().Order(StringComparer.Ordinal))
        {
            await db.ExecuteAsync("UPDATE staff_accounts SET grant_changes = grant_changes + 1 WHERE person_id = @personId", new { personId });
        }
    }

    /// <summary>Gives a grant; one that is there already stays as it is. The guarded update keeps duties apart.</summary>
    /// <returns>Whether it is new.</returns>
    public static async Task<bool> GiveAsync(
        Db db, string personId, Role role, string unionId, string? givenBy, long now, CancellationToken cancellation)
    {
        var duty = role.Duty();
        var taken = await db.ExecuteAsync(
            """
            UPDATE staff_accounts SET duty = @duty, grant_changes = grant_changes + 1
            WHERE person_id = @personId AND disabled_at IS NULL AND (duty IS NULL OR duty = @duty)
            """,
            new { duty, personId },
            cancellation);
        if (taken == 0)
        {
            var account = await db.StaffAccounts.FirstAsync(a => a.PersonId == personId, cancellation);
            throw new Refusal(account.DisabledAt is null ? StaffProblems.DutiesExclude : StaffProblems.AccountDisabled);
        }

        if (await db.Grants.AnyAsync(g => g.PersonId == personId && g.Role == role && g.UnionId == unionId, cancellation))
        {
            return false;
        }

        await db.InsertAsync(
            new GrantRow { PersonId = personId, Role = role, UnionId = unionId, GrantedAt = now, GrantedBy = givenBy }, token: cancellation);
        return true;
    }

    /// <summary>Ends grants of an account whose row is held; each stays as history.</summary>
    public static async Task EndAsync(Db db, IEnumerable<GrantRow> grants, string personId, string endedBy, long now)
    {
        foreach (var grant in grants)
        {
            await db.InsertAsync(new PastGrantRow
            {
                Id = Ids.New(),
                PersonId = grant.PersonId,
                Role = grant.Role,
                UnionId = grant.UnionId,
                GrantedAt = grant.GrantedAt,
                GrantedBy = grant.GrantedBy,
                EndedAt = now,
                EndedBy = endedBy,
            });
            await db.Grants.Where(g => g.PersonId == grant.PersonId && g.Role == grant.Role && g.UnionId == grant.UnionId).DeleteAsync();
        }

        if (!await db.Grants.AnyAsync(g => g.PersonId == personId))
        {
            await db.StaffAccounts.Where(a => a.PersonId == personId).Set(a => a.Duty, (string?)null).UpdateAsync();
        }
    }
}
