using MySqlConnector;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Section <c>Database</c>: where the data lives.</summary>
internal sealed record DatabaseSettings
{
    /// <summary><c>sqlite</c> (embedded, one node) or <c>mysql</c> (MySQL 8, MariaDB 10.11+, TiDB).</summary>
    public string Kind { get; init; } = "sqlite";

    /// <summary>For <c>mysql</c>: a MySqlConnector connection string.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>For <c>sqlite</c>: file name inside the data directory.</summary>
    public string File { get; init; } = "union.db";

    public bool IsSqlite => Kind == "sqlite";

    public IEnumerable<string> Faults(bool production)
    {
        if (Kind is not ("sqlite" or "mysql"))
        {
            yield return "Database:Kind 只能是 sqlite 或 mysql。";
        }

        if (Kind == "mysql" && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return "Database:ConnectionString 未填写:使用 mysql 时必须给出连接串。";
        }
        else if (Kind == "mysql" && !IsConnectionString(ConnectionString))
        {
            yield return "Database:ConnectionString 格式不对:请按 MySqlConnector 的连接串填写(Server=…;User ID=…;Password=…;Database=…)。";
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new MySqlConnectionStringBuilder(text).Server.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
