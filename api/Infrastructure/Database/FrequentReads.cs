using System.Collections.Concurrent;
using System.Data.Common;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Plain reads that come with nearly every request. On SQLite more than half of such a read is setting up the
/// connection and preparing the statement, so some connections are kept open with their statements. With a database
/// server it is the way there and back, so those who ask at the same time go together (<see cref="SharedRead{T}"/>).
/// </summary>
internal sealed class FrequentReads(Database database) : IDisposable
{
    /// <summary>SQLite reads on the caller's thread, so more than a few are never busy at once.</summary>
    private static readonly int MostKept = 2 * Environment.ProcessorCount;

    private readonly ConcurrentQueue<Kept> idle = new();
    private readonly ConcurrentDictionary<string, object> shared = new();

    /// <summary>All rows of <paramref name="sql"/>.</summary>
    /// <param name="sql">A constant; its first column is the key, and it says <c>= @key</c> once: each text stays prepared for good.</param>
    /// <param name="read">Makes a row by the positions of its columns, which costs a third of finding them by name.</param>
    public Task<List<T>> ListAsync<T>(string sql, string key, Func<DbDataReader, T> read, CancellationToken cancellation) =>
        database.IsSqlite
            ? Task.FromResult(ListKept(sql, key, read))
            : ((SharedRead<T>)shared.GetOrAdd(sql, _ => new SharedRead<T>(database, sql, read))).ListAsync(key, cancellation);

    public void Dispose()
    {
        while (idle.TryDequeue(out var kept))
        {
            kept.Dispose();
        }
    }

    private List<T> ListKept<T>(string sql, string key, Func<DbDataReader, T> read)
    {
        var kept = idle.TryDequeue(out var free) ? free : new Kept(database.Open());
        try
        {
            return kept.List(sql, key, read);
        }
        catch (Exception)
        {
            kept.IsSound = false;
            throw;
        }
        finally
        {
            PutBack(kept);
        }
    }

    private void PutBack(Kept kept)
    {
        if (kept.IsSound && idle.Count < MostKept)
        {
            idle.Enqueue(kept);
        }
        else
        {
            kept.Dispose();
        }
    }

    private sealed class Kept(Db db) : IDisposable
    {
        private readonly Dictionary<string, DbCommand> commands = [];

        public bool IsSound { get; set; } = true;

        public List<T> List<T>(string sql, string key, Func<DbDataReader, T> read)
        {
            if (!commands.TryGetValue(sql, out var command))
            {
                commands[sql] = command = Prepare(sql);
            }

            command.Parameters[0].Value = key;
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }

        public void Dispose()
        {
            foreach (var command in commands.Values)
            {
                command.Dispose();
            }

            db.Dispose();
        }

        private DbCommand Prepare(string sql)
        {
            var command = db.OpenDbConnection().CreateCommand();
            command.CommandText = sql;
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@key";
            parameter.Value = "";
            command.Parameters.Add(parameter);
            return command;
        }
    }
}

internal static class Columns
{
    public static string? TextOrNone(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
