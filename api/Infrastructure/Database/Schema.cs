using EvolveDb;
using EvolveDb.Configuration;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using MySqlConnector;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// The schema is plain SQL run by Evolve, forward only. Migrating is a command; only SQLite, which has one node,
/// migrates at start. A migration that older nodes cannot live with raises <c>schema_state.oldest_node</c>.
/// </summary>
internal sealed class Schema(Database database)
{
    /// <summary>The newest migration this program knows.</summary>
    public static int Newest { get; } = typeof(Schema).Assembly.GetManifestResourceNames()
        .Where(n => n.Contains(".Migrations.sqlite.", StringComparison.Ordinal))
        .Max(n => int.Parse(n.Split(".Migrations.sqlite.V")[1].AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture));

    public void Migrate()
    {
        using System.Data.Common.DbConnection connection = database.IsSqlite
            ? new SqliteConnection(database.ConnectionString)
            : new MySqlConnection(database.ConnectionString);
        connection.Open();
        new Evolve(connection)
        {
            EmbeddedResourceAssemblies = [typeof(Schema).Assembly],
            EmbeddedResourceFilters = [$"WeChatUnion.Api.Migrations.{(database.IsSqlite ? "sqlite" : "mysql")}"],
            MetadataTableName = "schema_migrations",
            IsEraseDisabled = true,
            OutOfOrder = false,
            TransactionMode = TransactionKind.CommitEach,
        }.Migrate();
    }

    /// <summary>
    /// Readers and the writer of an SQLite file do not wait for each other. The file keeps the mode, but a restored
    /// copy comes without it: so it is set at every start.
    /// </summary>
    public void WriteAhead()
    {
        using var connection = new SqliteConnection(database.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
    }

    /// <summary>Every migration of this program has been applied, as far as SQLite's file says.</summary>
    public async Task<bool> IsUpToDateAsync(CancellationToken cancellation)
    {
        try
        {
            return await UnfitAsync(cancellation) is null;
        }
        catch (SqliteException)
        {
            // An empty file has no table of migrations yet.
            return false;
        }
    }

    /// <summary>Null when this program can work on the schema it finds, else a sentence that says what to do.</summary>
    public async Task<string?> UnfitAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var applied = await db.QueryToListAsync<string>(
            "SELECT version FROM schema_migrations WHERE version IS NOT NULL AND success = 1", cancellation);
        var newest = applied.Select(v => int.TryParse(v, out var number) ? number : 0).DefaultIfEmpty().Max();
        if (newest < Newest)
        {
            return $"数据库结构为第 {newest} 版,程序需要第 {Newest} 版:请先运行 migrate 命令。";
        }

        var oldestNode = (await db.QueryToListAsync<int>("SELECT oldest_node FROM schema_state WHERE id = 1", cancellation))[0];
        return Newest < oldestNode
            ? $"数据库结构要求程序至少到第 {oldestNode} 版,本程序为第 {Newest} 版:请升级程序。"
            : null;
    }
}
