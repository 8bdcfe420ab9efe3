using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MySqlConnector;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>What an exception of either database means to us.</summary>
internal static class DatabaseErrors
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;

    /// <summary>Changed since the row was read: MariaDB's snapshot isolation (1020).</summary>
    private const int RecordChanged = 1020;

    public static bool IsWorthRepeating(Exception error) => error switch
    {
        MySqlException mysql => mysql.ErrorCode is MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout
            || mysql.Number == RecordChanged,
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked,
        _ => false,
    };

    /// <summary>A UNIQUE or PRIMARY KEY refused the row.</summary>
    public static bool IsDuplicate(Exception error) => error switch
    {
        MySqlException mysql => mysql.ErrorCode == MySqlErrorCode.DuplicateKeyEntry,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey,
        _ => false,
    };

    /// <summary>
    /// The database is away or gave up; the outcome of a commit may be unknown (MySqlConnector reports a lost server
    /// as Number 0 with IsTransient false). Answered 503; the idempotency key makes the repeat safe.
    /// </summary>
    public static bool IsOutage(Exception error) => error switch
    {
        MySqlException mysql => mysql.Number == 0
            || mysql.IsTransient
            || IsWorthRepeating(mysql)
            || mysql.ErrorCode is MySqlErrorCode.UnableToConnectToHost
                or MySqlErrorCode.ServerShutdown
                or MySqlErrorCode.CommandTimeoutExpired
                or MySqlErrorCode.TooManyUserConnections
                or MySqlErrorCode.ConnectionCountError
                or MySqlErrorCode.OptionPreventsStatement
                or MySqlErrorCode.QueryInterrupted,
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked or 10 or 13 or 14,
        SocketException or EndOfStreamException => true,
        InvalidOperationException { Source: "MySqlConnector" } => true,
        _ => error.InnerException is { } inner && IsOutage(inner),
    };
}
