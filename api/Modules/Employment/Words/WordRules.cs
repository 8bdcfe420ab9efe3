using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>The lines of the list that hold on a day.</summary>
internal static class WordRules
{
    public static async Task<IReadOnlyList<WordRule>> OnAsync(Db db, DateOnly day, CancellationToken cancellation)
    {
        var today = day.Stored();
        var rows = await db.WordRules
            .Where(r => r.FromOn.CompareTo(today) <= 0 && (r.UntilOn == null || r.UntilOn.CompareTo(today) >= 0))
            .OrderBy(r => r.Id).ToListAsync(cancellation);
        return [.. rows.Select(WordRule.Of)];
    }
}
