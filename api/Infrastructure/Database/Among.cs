using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using LinqToDB.Data;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Plain statements about many records at once. Asked through LINQ, the list makes every such query a new one, to be
/// translated from the start.
/// </summary>
internal static class Among
{
    /// <param name="sql">Says <c>IN (@among)</c> once or more often.</param>
    /// <param name="among">Never empty.</param>
    /// <param name="parameters">What else stands in it, by name without @.</param>
    public static Task<List<T>> QueryAmongAsync<T>(
        this Db db, string sql, IReadOnlyCollection<string> among, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var all = Parameters(db, ref sql, among, parameters);
        return db.QueryToListAsync<T>(sql, cancellation, all);
    }

    /// <inheritdoc cref="QueryAmongAsync{T}(Db, string, IReadOnlyCollection{string}, CancellationToken, ValueTuple{string, object}[])"/>
    /// <param name="read">Makes a row by the positions of its columns.</param>
    public static Task<List<T>> QueryAmongAsync<T>(
        this Db db, string sql, Func<DbDataReader, T> read, IReadOnlyCollection<string> among, CancellationToken cancellation)
    {
        var all = Parameters(db, ref sql, among, []);
        return db.QueryToListAsync(read, sql, cancellation, all);
    }

    /// <inheritdoc cref="QueryAmongAsync{T}(Db, string, IReadOnlyCollection{string}, CancellationToken, ValueTuple{string, object}[])"/>
    /// <returns>How many rows it changed.</returns>
    public static Task<int> ExecuteAmongAsync(
        this Db db, string sql, IReadOnlyCollection<string> among, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        var all = Parameters(db, ref sql, among, parameters);
        return db.ExecuteAsync(sql, cancellation, all);
    }

    private static DataParameter[] Parameters(Db db, ref string sql, IReadOnlyCollection<string> among, IEnumerable<(string Name, object? Value)> others) =>
        [.. db.IsSqlite ? AsOneText(ref sql, among) : AsParameters(ref sql, among), .. others.Select(p => new DataParameter(p.Name, p.Value))];

    /// <summary>SQLite looks parameters up by name, one after the other: hundreds of them cost more than the reading.</summary>
    private static List<DataParameter> AsOneText(ref string sql, IReadOnlyCollection<string> among)
    {
        sql = sql.Replace("@among", "SELECT value FROM json_each(@among)", StringComparison.Ordinal);
        return [new("among", JsonSerializer.Serialize(among))];
    }

    private static List<DataParameter> AsParameters(ref string sql, IReadOnlyCollection<string> among)
    {
        // Few lengths make few texts: each has a reader compiled for it when it is first asked. Saying a value again is harmless.
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)among.Count);
        var list = among.Concat(Enumerable.Repeat(among.Last(), length - among.Count))
            .Select((value, i) => new DataParameter(string.Create(CultureInfo.InvariantCulture, $"a{i}"), value))
            .ToList();
        sql = sql.Replace("@among", string.Join(", ", list.Select(p => "@" + p.Name)), StringComparison.Ordinal);
        return list;
    }
}
