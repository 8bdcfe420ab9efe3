using LinqToDB.Data;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Index values written before values carried the mark of their key get it after migrating: the first 56 digits of the
/// HMAC stay. They are plain hex, so they stand before every marked one.
/// </summary>
internal sealed class MarkOlderIndexes(Database.Database database, LookupIndex index, IEnumerable<IndexedColumn> columns) : IReferenceData
{
    private const string FirstMarked = "k";

    public Task LoadAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var mark = index.FormerMark ?? index.Mark;
            foreach (var (table, column) in columns.SelectMany(c => new[] { (c.Table, c.Column), (c.Table, c.FormerColumn) }))
            {
                await db.ExecuteAsync(
                    database.IsSqlite
                        ? $"UPDATE {table} SET {column} = @mark || SUBSTR({column}, 1, 56) WHERE {column} < @FirstMarked"
                        : $"UPDATE {table} SET {column} = CONCAT(@mark, SUBSTR({column}, 1, 56)) WHERE {column} < @FirstMarked",
                    new { mark, FirstMarked });
            }
        },
        cancellation);
}
