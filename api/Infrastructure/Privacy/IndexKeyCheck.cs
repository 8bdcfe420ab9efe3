using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Refuses index keys that do not fit what the database holds: with the wrong ones nobody would be found and duplicates
/// would get in (<see cref="LookupIndex"/>). Reads only the ends of indexes.
/// </summary>
internal sealed class IndexKeyCheck(Database.Database database, LookupIndex index, IEnumerable<IndexedColumn> columns) : IStartCheck
{
    public async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        foreach (var column in columns)
        {
            if (index.FormerMark is null && await HasOthersAsync(db, column.Table, column.Column, [index.Mark], cancellation))
            {
                return "Privacy:IndexKey 与数据库中的检索索引不符:请核对密钥;如在更换密钥,请把更换前的密钥填入 Privacy:FormerIndexKey,运行 rotate-keys 之后再去掉。";
            }

            if (index.FormerMark is { } former
                && (await HasOthersAsync(db, column.Table, column.FormerColumn, [former], cancellation)
                    || await HasOthersAsync(db, column.Table, column.Column, [index.Mark, former], cancellation)))
            {
                return "Privacy:FormerIndexKey 与数据库中的检索索引不符:请核对密钥;如上一次更换已经完成,请先去掉 Privacy:FormerIndexKey,再运行一次 rotate-keys。";
            }
        }

        return null;
    }

    /// <summary>Whether there is a value under none of these keys.</summary>
    private static async Task<bool> HasOthersAsync(Db db, string table, string column, IEnumerable<string> marks, CancellationToken cancellation)
    {
        var from = "";
        foreach (var mark in marks.Order(StringComparer.Ordinal))
        {
            if (await HasAnyAsync($"{column} >= @from AND {column} < @mark", new { from, mark }))
            {
                return true;
            }

            from = mark[..^1] + (char)(mark[^1] + 1);
        }

        return await HasAnyAsync($"{column} >= @from", new { from });

        async Task<bool> HasAnyAsync(string condition, object parameters) =>
            (await db.QueryToListAsync<int>($"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", parameters, cancellation)).Count > 0;
    }
}
