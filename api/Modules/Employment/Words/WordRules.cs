using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>The lines of the list that hold on a day, compiled once for as long as the list stays as it is.</summary>
internal sealed class WordRules
{
    private readonly Lock writing = new();
    private readonly Dictionary<string, (int Version, WordRule Rule)> compiled = [];

    public async Task<IReadOnlyList<WordRule>> OnAsync(Db db, DateOnly day, CancellationToken cancellation)
    {
        var today = day.Stored();
        var rows = await db.WordRules
            .Where(r => r.FromOn.CompareTo(today) <= 0 && (r.UntilOn == null || r.UntilOn.CompareTo(today) >= 0))
            .OrderBy(r => r.Id).ToListAsync(cancellation);
        return [.. rows.Select(Compiled)];
    }

    private WordRule Compiled(WordRuleRow row)
    {
        lock (writing)
        {
            if (!compiled.TryGetValue(row.Id, out var known) || known.Version != row.Version)
            {
                compiled[row.Id] = known = (row.Version, WordRule.Of(row));
            }

            return known.Rule;
        }
    }
}
