using Microsoft.Data.Sqlite;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Copies of an SQLite database, and whether one is whole.</summary>
internal static class SqliteCopies
{
    /// <summary>
    /// Writes the database as of one moment into a new file, while others go on writing; nobody waits. What was
    /// deleted before does not come along, as it would with a copy page by page.
    /// </summary>
    public static void Copy(string from, string to)
    {
        OwnersFile.Create(to).Dispose();
        using var source = Open(from, SqliteOpenMode.ReadWrite);
        using var copy = source.CreateCommand();
        copy.CommandText = "VACUUM INTO @to";
        copy.CommandTimeout = 0;
        copy.Parameters.AddWithValue("@to", to);
        copy.ExecuteNonQuery();
    }

    /// <summary>The migrations applied in a whole database and the oldest program that it bears; null when it is damaged or none of ours.</summary>
    public static (int Newest, int OldestNode)? Examine(string path)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            if (Text(connection, "PRAGMA integrity_check") != "ok" || Text(connection, "PRAGMA foreign_key_check") is not null)
            {
                return null;
            }

            var newest = Text(connection, "SELECT MAX(CAST(version AS INTEGER)) FROM schema_migrations WHERE success = 1");
            var oldest = Text(connection, "SELECT oldest_node FROM schema_state WHERE id = 1");
            return newest is null || oldest is null ? null : (Number(newest), Number(oldest));
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string? Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
