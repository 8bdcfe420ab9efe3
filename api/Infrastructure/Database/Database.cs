using System.Data;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.MySql;
using LinqToDB.DataProvider.SQLite;
using LinqToDB.Interceptors;
using LinqToDB.Mapping;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Opens connections and runs transactions. Handlers take this one; nothing else knows which database is behind it.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int MostTries = 6;

    /// <summary>
    /// For SQLite linq2db takes a text in the parameters of plain SQL for one of 255 characters, and the driver then
    /// cuts it without a word: long sealed values were neither found nor written whole.
    /// </summary>
    private static readonly MappingSchema WholeTexts = WithWholeTexts();

    private readonly DataOptions options;

    /// <summary>
    /// SQLite has one writer. Waiting here in arrival order costs microseconds; waiting inside SQLite means
    /// sleeping 150 ms between tries, which shows as a long tail under load.
    /// </summary>
    private readonly SemaphoreSlim? oneWriter;

    /// <param name="interceptors">None in the program; tests watch and bend statements with them.</param>
    public Database(DatabaseSettings settings, DataDirectory directory, IEnumerable<IInterceptor> interceptors)
    {
        IsSqlite = settings.IsSqlite;
        if (IsSqlite)
        {
            ConnectionString = new SqliteConnectionStringBuilder
            {
                DataSource = directory.PathOf(settings.File),
                ForeignKeys = true,
                DefaultTimeout = 10,
            }.ConnectionString;
            options = new DataOptions().UseSQLite(ConnectionString, SQLiteProvider.Microsoft).UseMappingSchema(WholeTexts);
            oneWriter = new SemaphoreSlim(1, 1);
        }
        else
        {
            ConnectionString = new MySqlConnectionStringBuilder(settings.ConnectionString)
            {
                CharacterSet = "utf8mb4",
                ApplicationName = "wechat-union",
            }.ConnectionString;
            options = new DataOptions().UseMySql(ConnectionString, MySqlVersion.MariaDB10, MySqlProvider.MySqlConnector);
        }

        options = options.UseInterceptors(interceptors);
        Naming.Apply();
    }

    public bool IsSqlite { get; }

    public string ConnectionString { get; }

    /// <summary>A connection for reading outside a transaction. Dispose it.</summary>
    public Db Open() => new(options, IsSqlite);

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction and repeats it a bounded number of times when the database
    /// asks for that (deadlock, lock wait, serialisation, busy). The work must therefore have no effect outside the
    /// database: no HTTP call, no cache write.
    /// </summary>
    public async Task<T> TransactAsync<T>(Func<Db, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TransactOnceAsync(work, cancellation);
            }
            catch (Exception error) when (attempt < MostTries && DatabaseErrors.IsWorthRepeating(error))
            {
                // A little disorder so that two that met once do not meet again at the same place.
                await Task.Delay(Random.Shared.Next(2, 15 * attempt), cancellation);
            }
        }
    }

    /// <inheritdoc cref="TransactAsync{T}"/>
    public Task TransactAsync(Func<Db, Task> work, CancellationToken cancellation) =>
        TransactAsync(
            async db =>
            {
                await work(db);
                return true;
            },
            cancellation);

    /// <summary>
    /// SQLite leaves deleted text in free space and in the write-ahead log: writes the file anew without it and empties
    /// the log. A reader in the way makes the log wait for the next time. A database server reuses the space itself.
    /// </summary>
    /// <returns>False when a reader was in the way: then try again later.</returns>
    public async Task<bool> ScrubAsync(CancellationToken cancellation)
    {
        if (oneWriter is null)
        {
            return true;
        }

        await oneWriter.WaitAsync(cancellation);
        try
        {
            await using var db = Open();
            await db.ExecuteAsync("VACUUM", cancellation);
            return (await db.QueryToListAsync<long>("PRAGMA wal_checkpoint(TRUNCATE)", cancellation))[0] == 0;
        }
        finally
        {
            oneWriter.Release();
        }
    }

    public void Dispose() => oneWriter?.Dispose();

    private static MappingSchema WithWholeTexts()
    {
        var schema = new MappingSchema();
        schema.SetDataType(typeof(string), DataType.Text);
        return schema;
    }

    private async Task<T> TransactOnceAsync<T>(Func<Db, Task<T>> work, CancellationToken cancellation)
    {
        if (oneWriter is not null)
        {
            await oneWriter.WaitAsync(cancellation);
        }

        try
        {
            await using var db = Open();
            await using var transaction = await db.BeginTransactionAsync(
                IsSqlite ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellation);
            var result = await work(db);

            // From here on the caller's impatience must not turn a commit into an unknown outcome.
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            oneWriter?.Release();
        }
    }
}
