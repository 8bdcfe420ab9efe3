using System.Globalization;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy.Registry;

/// <summary>Which rows of a table are past their time. How long that is stands in the column registry under the rule's name.</summary>
/// <param name="Over">SQL; a row that began its time at <c>@before</c> or earlier has none left.</param>
/// <param name="Children">Columns of other tables, <c>table.column</c>, whose rows go first.</param>
internal sealed record RetentionRule(string Name, string Table, string Over, params string[] Children)
{
    /// <summary>By this column rows are taken in batches and children found.</summary>
    public string Key { get; init; } = "id";
}

/// <summary>
/// Deletes what is past its time, rule after rule in the order of registration, in small transactions; a run that was
/// cut off is finished by the next. The audit log says how many rows went, never which.
/// </summary>
internal sealed class ApplyRetention(
    Database.Database database, ColumnRegistry registry, IEnumerable<RetentionRule> rules, TimeProvider clock) : IPeriodicTask
{
    public const string Deed = "apply_retention";

    public async Task RunAsync(CancellationToken cancellation)
    {
        var total = 0;
        foreach (var rule in rules)
        {
            var before = clock.Milliseconds() - (long)TimeSpan.FromDays(registry.DaysOf(rule.Name)).TotalMilliseconds;
            total += await database.ForgetAsync((db, most) => DeleteSomeAsync(db, rule, before, most, cancellation), cancellation);
        }

        if (total > 0)
        {
            await database.ScrubAsync(cancellation);
        }
    }

    /// <summary>The count stands in the audit log with the batch it counts.</summary>
    private async Task<int> DeleteSomeAsync(Db db, RetentionRule rule, long before, int most, CancellationToken cancellation)
    {
        var keys = await db.QueryToListAsync<string>(
            $"SELECT DISTINCT {rule.Key} FROM {rule.Table} WHERE {rule.Over} ORDER BY {rule.Key} LIMIT {most}", new { before }, cancellation);
        if (keys.Count == 0)
        {
            return 0;
        }

        // Our own ids, so they may stand in the statement.
        var list = string.Join(',', keys.Where(Ids.IsId).Select(k => $"'{k}'"));
        foreach (var child in rule.Children.Select(c => c.Split('.')))
        {
            await db.ExecuteAsync($"DELETE FROM {child[0]} WHERE {child[1]} IN ({list})", cancellation);
        }

        var count = await db.ExecuteAsync($"DELETE FROM {rule.Table} WHERE {rule.Key} IN ({list}) AND ({rule.Over})", new { before }, cancellation);
        await Audit.WriteAsync(db, Operator.Here(), Deed, rule.Name, count.ToString(CultureInfo.InvariantCulture), clock.Milliseconds());
        return keys.Count;
    }
}
