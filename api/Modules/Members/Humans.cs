using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The same human may hold a staff account and be a worker, under one person or under two.</summary>
internal static class Humans
{
    /// <summary>One person, or two whose forms carry one ID number.</summary>
    public static async Task<bool> IsOneHumanAsync(this Db db, string personId, string otherId, CancellationToken cancellation) =>
        personId == otherId || (await db.PersonsOfHumanAsync(personId, cancellation)).Contains(otherId);

    /// <summary>She herself, and every person whose form carries her ID number, by the present index or the one before.</summary>
    public static async Task<HashSet<string>> PersonsOfHumanAsync(this Db db, string personId, CancellationToken cancellation)
    {
        var records = db.MemberRecords;
        var others = await records
            .Where(other => records.Any(mine => mine.PersonId == personId
                && ((mine.IdNumberIndex != null && mine.IdNumberIndex == other.IdNumberIndex)
                    || (mine.IdNumberFormerIndex != null && mine.IdNumberFormerIndex == other.IdNumberFormerIndex))))
            .Select(other => other.PersonId).ToListAsync(cancellation);
        return [personId, .. others];
    }
}
