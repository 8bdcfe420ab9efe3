using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using WeChatUnion.TestServers;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Bench;

/// <summary>
/// The Release build with a database of its own and the stand-in for WeChat, which runs in this process. Settings are
/// a county's, but for the rate limits, which are lifted; the log is the usual one at Information.
/// </summary>
internal sealed class BenchHouse : IAsyncDisposable
{
    public static readonly string[] Databases = ["sqlite", "mariadb"];

    private readonly List<IAsyncDisposable> servers = [];
    private Dictionary<string, string> settings = [];

    private BenchHouse(string database) => Database = database;

    /// <summary>As in the figures: <c>sqlite</c> or <c>mariadb</c>.</summary>
    public string Database { get; }

    public StandIn WeChat { get; private set; } = null!;

    public UnionProgram Program { get; private set; } = null!;

    private string ConnectionString { get; set; } = "";

    /// <param name="database">One of <see cref="Databases"/>.</param>
    public static Task<BenchHouse> OnAsync(string database) => database == "sqlite" ? OnSqliteAsync() : OnMariaDbAsync();

    private static async Task<BenchHouse> OnSqliteAsync()
    {
        var house = new BenchHouse("sqlite");
        await house.StartAsync(new() { ["Database:Kind"] = "sqlite" });
        house.ConnectionString = $"Data Source={house.Program.DataFolder}/union.db;Foreign Keys=True;Default Timeout=30";
        return house;
    }

    /// <summary>MariaDB as the README tells an operator to set it, with durable commits, and Redis.</summary>
    private static async Task<BenchHouse> OnMariaDbAsync()
    {
        var house = new BenchHouse("mariadb");
        var server = await MariaDbServer.StartOwnAsync("--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M");
        var redis = await RedisServer.StartOwnAsync();
        house.servers.AddRange([server, redis]);
        house.ConnectionString = server.ConnectionString(await server.CreateDatabaseAsync());
        var settings = new Dictionary<string, string>
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = house.ConnectionString,
            ["Redis:Connection"] = redis.Endpoint,
        };
        await house.StartAsync(settings);
        return house;
    }

    /// <summary>A connection of the bench's own, for putting people there.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Database == "sqlite" ? new SqliteConnection(ConnectionString) : new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(servers))
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Another process of the same county on the same database, with changes of its own.</summary>
    public async Task<UnionProgram> StartBesideAsync(IReadOnlyDictionary<string, string> changes)
    {
        var beside = new Dictionary<string, string>(settings.Concat(changes)) { ["Data:Directory"] = Program.DataFolder };
        var program = new UnionProgram("Release", beside);
        servers.Add(program);
        await program.StartAsync();
        return program;
    }

    private async Task StartAsync(Dictionary<string, string> own)
    {
        settings = own;
        var options = new StandInOptions();
        WeChat = await StandIn.StartAsync(options);
        servers.Add(WeChat);
        settings["WeChat:AppId"] = options.AppId;
        settings["WeChat:AppSecret"] = options.AppSecret;
        settings["WeChat:BaseAddress"] = WeChat.Address.ToString();
        settings["ASPNETCORE_ENVIRONMENT"] = "Bench";
        foreach (var limit in new[] { "PerPerson", "PerAddress", "SearchesPerPerson" })
        {
            settings["RateLimits:" + limit] = "1000000000";
        }

        Program = new UnionProgram("Release", settings);
        servers.Add(Program);
        if (Database == "mariadb")
        {
            await Program.MigrateAsync();
        }

        await Program.StartAsync();
    }
}
