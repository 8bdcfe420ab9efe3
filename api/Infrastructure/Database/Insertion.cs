using System.Data.Common;
using System.Globalization;
using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Inserts many rows of one table. The general way writes every value as text into one long statement; here SQLite runs
/// one prepared statement for each row and a database server gets many rows a statement, a third of the processor time.
/// </summary>
internal static class Insertion<T>
    where T : class
{
    private const int RowsAStatement = 128;

    private static readonly EntityDescriptor Entity = MappingSchema.Default.GetEntityDescriptor(typeof(T));
    private static readonly ColumnDescriptor[] Columns = [.. Entity.Columns];

    public static async Task RunAsync(Db db, IEnumerable<T> rows, bool isSqlite)
    {
        foreach (var some in rows.Chunk(isSqlite ? int.MaxValue : RowsAStatement))
        {
            await using var command = db.OpenDbConnection().CreateCommand();
            command.Transaction = db.Transaction;
            command.CommandText = Statement(isSqlite ? 1 : some.Length, isSqlite);
            AddParameters(command, isSqlite ? 1 : some.Length, isSqlite);
            if (isSqlite)
            {
                foreach (var row in some)
                {
                    Fill(command, row, 0);
                    await command.ExecuteNonQueryAsync();
                }
            }
            else
            {
                for (var i = 0; i < some.Length; i++)
                {
                    Fill(command, some[i], i);
                }

                await command.ExecuteNonQueryAsync();
            }
        }
    }

    private static string Statement(int rows, bool isSqlite)
    {
        var row = $"({string.Join(", ", Columns.Select((_, i) => isSqlite ? NameOf(i) : "?"))})";
        return $"INSERT INTO {Entity.Name.Name} ({string.Join(", ", Columns.Select(c => c.ColumnName))}) VALUES {string.Join(", ", Enumerable.Repeat(row, rows))}";
    }

    /// <summary>The driver of SQLite knows parameters by name only; that of the server takes thousands faster by their order.</summary>
    private static void AddParameters(DbCommand command, int rows, bool isSqlite)
    {
        for (var i = 0; i < rows * Columns.Length; i++)
        {
            var parameter = command.CreateParameter();
            if (isSqlite)
            {
                parameter.ParameterName = NameOf(i);
            }

            command.Parameters.Add(parameter);
        }
    }

    private static string NameOf(int column) => string.Create(CultureInfo.InvariantCulture, $"@p{column}");

    private static void Fill(DbCommand command, T row, int number)
    {
        for (var column = 0; column < Columns.Length; column++)
        {
            command.Parameters[(number * Columns.Length) + column].Value = Columns[column].GetProviderValue(row) ?? DBNull.Value;
        }
    }
}
