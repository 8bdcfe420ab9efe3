using System.Net;
using System.Security.Cryptography;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.House;

/// <summary>
/// The program as a process with a database of its own, on the real clock; the stand-in for WeChat lives in the test.
/// For what only a process can show: being killed, being stopped, what it writes.
/// </summary>
public abstract class ProcessHouse : IAsyncLifetime
{
    public const string StaffPassword = "correct horse battery staple";

    private int people;

    public StandIn WeChat { get; private set; } = null!;

    public ApiProcess Api { get; private set; } = null!;

    /// <summary>As the program got them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = null!;

    internal Database Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        WeChat = await StandIn.StartAsync(new StandInOptions());
        var settings = await DatabaseSettingsAsync();
        settings["WeChat:AppId"] = new StandInOptions().AppId;
        settings["WeChat:AppSecret"] = new StandInOptions().AppSecret;
        settings["WeChat:BaseAddress"] = WeChat.Address.ToString();
        settings["Staff:PasswordIterations"] = "10";
        settings["RateLimits:PerPerson"] = "1000000";
        settings["RateLimits:PerAddress"] = "1000000";
        settings["RateLimits:SearchesPerPerson"] = "1000000";
        settings["Privacy:CurrentFieldKey"] = "k1";
        settings["Privacy:FieldKeys:k1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        settings["Privacy:IndexKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Settings = settings;
        Api = new ApiProcess(settings);
        Database = new Database(
            new DatabaseSettings { Kind = settings["Database:Kind"], ConnectionString = settings.GetValueOrDefault("Database:ConnectionString", "") },
            new DataDirectory { Directory = Api.DataDirectory },
            []);
        await PrepareDatabaseAsync();
        await Api.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Database?.Dispose();
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        await WeChat.DisposeAsync();
        Assert.Empty(WeChat.Unexpected);
    }

    /// <summary>Changes settings and starts the program again.</summary>
    public async Task RestartWithAsync(IReadOnlyDictionary<string, string> changes)
    {
        foreach (var (key, value) in changes)
        {
            ((Dictionary<string, string>)Settings)[key] = value;
        }

        await Api.KillAndStartAsync();
    }

    /// <summary>A worker who has just signed in.</summary>
    public async Task<Person> Worker(string? user = null)
    {
        user ??= $"user-{Interlocked.Increment(ref people)}";
        var session = await Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = WeChat.IssueLoginCode(user) });
        return new Person(Api.NewHttp(), session.MustBe(HttpStatusCode.Created)["token"]);
    }

    /// <summary>A new staff member with this role at this union (seed key), signed in.</summary>
    public async Task<Person> Staff(string name, Role role, string union, string password = StaffPassword)
    {
        var hash = new Passwords(new StaffSettings { PasswordIterations = 10 }).Hash(password);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await Database.TransactAsync(
            async db =>
            {
                var id = Ids.New();
                var unionId = await db.Unions.Where(u => u.SeedKey == union).Select(u => u.Id).FirstAsync();
                await db.InsertAsync(new PersonRow { Id = id, CreatedAt = now });
                await db.InsertAsync(new StaffAccountRow
                {
                    PersonId = id,
                    Name = name,
                    DisplayName = "工作人员",
                    PasswordHash = hash,
                    IsDemo = true,
                    CreatedAt = now,
                });
                await db.InsertAsync(new GrantRow { PersonId = id, Role = role, UnionId = unionId, GrantedAt = now });
            },
            CancellationToken.None);
        var session = await Api.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name, password });
        return new Person(Api.NewHttp(), session.MustBe(HttpStatusCode.Created)["token"]);
    }

    public async Task<string> UnionId(string seedKey)
    {
        await using var db = Database.Open();
        return await db.Unions.Where(u => u.SeedKey == seedKey).Select(u => u.Id).FirstAsync();
    }

    public async Task Execute(string sql)
    {
        await using var db = Database.Open();
        await db.ExecuteAsync(sql);
    }

    /// <summary>The first column of a query, as text.</summary>
    public async Task<List<string>> Texts(string sql)
    {
        await using var db = Database.Open();
        return await db.QueryToListAsync<string>(sql);
    }

    protected abstract Task<Dictionary<string, string>> DatabaseSettingsAsync();

    /// <summary>Schema, reference data and the demo unions.</summary>
    protected abstract Task PrepareDatabaseAsync();
}

/// <summary>The process on the embedded database.</summary>
public class SqliteProcess : ProcessHouse
{
    protected override Task<Dictionary<string, string>> DatabaseSettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override Task PrepareDatabaseAsync() => PreparedDatabases.CopySqliteAsync(Api.DataDirectory);
}

/// <summary>The process on MariaDB and Redis; both servers are this house's own, so that they may be killed and searched.</summary>
public class MariaDbProcess : ProcessHouse
{
    public MariaDbServer Server { get; private set; } = null!;

    public RedisServer Redis { get; private set; } = null!;

    public string DatabaseName { get; private set; } = "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync()
    {
        Server = await MariaDbServer.StartOwnAsync();
        Redis = await RedisServer.StartOwnAsync();
        DatabaseName = await Server.CreateDatabaseAsync();
        return new Dictionary<string, string>
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = Server.ConnectionString(DatabaseName),
            ["Redis:Connection"] = Redis.Endpoint,
        };
    }

    protected override Task PrepareDatabaseAsync() => PreparedDatabases.CopyToAsync(Server, DatabaseName);
}

/// <summary>The process on a database of its own of the servers that all share: for being killed itself, while the servers live.</summary>
public class SharedMariaDbProcess : ProcessHouse
{
    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync()
    {
        var server = await MariaDbServer.SharedAsync();
        return new Dictionary<string, string>
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = server.ConnectionString(await PreparedDatabases.CopyMariaDbAsync(server)),
            ["Redis:Connection"] = (await RedisServer.SharedAsync()).NewDatabase(),
        };
    }

    protected override Task PrepareDatabaseAsync() => Task.CompletedTask;
}
