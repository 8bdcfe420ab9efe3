using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>
/// How far an auditor sees: at the top of the tree everything, below it what was done in a role on a union in reach.
/// </summary>
internal static class AuditReach
{
    public static async Task<IQueryable<AuditRow>> EntriesAsync(Db db, Reach reach, CancellationToken cancellation)
    {
        if (await db.ReachesTopAsync(reach, cancellation))
        {
            return db.AuditEntries;
        }

        var ancestors = db.UnionAncestors;
        return db.AuditEntries.Where(e => ancestors.Any(a => a.UnionId == e.UnionId && reach.UnionIds.Contains(a.AncestorId)));
    }

    /// <summary>A person's or record's id given as a filter.</summary>
    public static void CheckId(string name, string? id)
    {
        if (id is not null && !Ids.IsId(id))
        {
            throw Refusal.OfField(name, new IdAttribute().FormatErrorMessage(name));
        }
    }
}
