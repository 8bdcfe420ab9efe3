using LinqToDB;
using LinqToDB.Data;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>One open connection. Each module adds its tables as extension properties in its <c>Tables.cs</c>.</summary>
internal sealed class Db(DataOptions options, bool isSqlite) : DataConnection(options)
{
    public bool IsSqlite { get; } = isSqlite;

    /// <summary>The first row of a plain SQL query, or null.</summary>
    public async Task<T?> FirstAsync<T>(string sql, object parameters, CancellationToken cancellation)
        where T : class
    {
        var rows = await this.QueryToListAsync<T>(sql, parameters, cancellation);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Inserts rows in the given order, in little time.</summary>
    public Task InsertManyAsync<T>(IEnumerable<T> rows)
        where T : class => Insertion<T>.RunAsync(this, rows, IsSqlite);
}
