using System.Collections.Concurrent;
using System.Net;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Interceptors;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WeChatUnion.Api.Demo;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.Privacy;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.House;

/// <summary>
/// The whole program with a database of its own, the stand-in for WeChat and a clock that is moved by hand. One per
/// test class and database.
/// </summary>
public abstract class TestHouse : IAsyncLifetime
{
    /// <summary>Tuesday, 2026-11-24, 09:00 in Xinxiang.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 1, 0, 0, TimeSpan.Zero);

    internal const string StaffPassword = "a long pass phrase";

    private readonly ConcurrentDictionary<string, Lazy<Task<Person>>> staff = new();
    private readonly ConcurrentQueue<string> log = new();
    private readonly List<WebApplicationFactory<Program>> nodes = [];
    private WebApplicationFactory<Program>? program;
    private Func<IReadOnlyDictionary<string, string>, WebApplicationFactory<Program>>? startNode;
    private int people;

    public FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>Bends statements, for controls.</summary>
    public Guards Guards { get; } = new();

    public OneConnection Connections { get; } = new();

    public StandIn WeChat { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("wu").FullName;

    public IServiceProvider Services => program!.Services;

    /// <summary>Everything that was logged.</summary>
    public IReadOnlyCollection<string> Log => log;

    internal Database Database => Services.GetRequiredService<Database>();

    protected abstract Task<Dictionary<string, string>> SettingsAsync();

    public async ValueTask InitializeAsync()
    {
        ThreadPool.SetMinThreads(64, 64);
        WeChat = await StandIn.StartAsync(new StandInOptions { Clock = Clock });
        var settings = await SettingsAsync();
        settings["WeChat:AppId"] = new StandInOptions().AppId;
        settings["WeChat:AppSecret"] = new StandInOptions().AppSecret;
        settings["WeChat:BaseAddress"] = WeChat.Address.ToString();
        settings["WeChat:TimeoutSeconds"] = "4";
        settings["Staff:PasswordIterations"] = "10";
        settings["RateLimits:PerPerson"] = "1000000";
        settings["RateLimits:PerAddress"] = "1000000";
        settings["RateLimits:SearchesPerPerson"] = "1000000";
        settings["Data:Directory"] = Folder;
        Adjust(settings);
        program = NewNode(settings);
        nodes.Add(program);
        startNode = changes => NewNode(new Dictionary<string, string>(settings.Concat(changes)));
        await PrepareDatabaseAsync();
    }

    /// <summary>Another node of the same county: same settings, same database, a process state of its own.</summary>
    public WebApplicationFactory<Program> AnotherNode() => AnotherNode(new Dictionary<string, string>());

    /// <summary>Another node with settings of its own on top, such as new keys.</summary>
    public WebApplicationFactory<Program> AnotherNode(IReadOnlyDictionary<string, string> changes)
    {
        var node = startNode!(changes);
        nodes.Add(node);
        return node;
    }

    /// <summary>From now on everybody comes in through this node.</summary>
    public void ServeFrom(WebApplicationFactory<Program> node) => program = node;

    /// <summary>The node everybody comes in through.</summary>
    public WebApplicationFactory<Program> Serving => program!;

    private WebApplicationFactory<Program> NewNode(Dictionary<string, string> settings) =>
        new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Testing");
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }

            host.ConfigureLogging(l => l.ClearProviders().AddProvider(new QueueLogger(log)));
            host.ConfigureTestServices(s =>
            {
                s.AddSingleton<TimeProvider>(Clock);
                s.AddSingleton<IInterceptor>(Guards);
                s.AddSingleton<IInterceptor>(Connections).AddSingleton<IStartupFilter>(Connections);

                // Tests step periodic work themselves.
                s.Remove(s.Single(d => d.ImplementationType == typeof(PeriodicLoop)));
            });
            Configure(host);
        });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (program is null)
        {
            // The start failed, and says why itself.
            return;
        }

        // Whatever the tests of this class did, nobody went behind the audit log's back.
        await this.Seal();
        Assert.Empty(await this.AuditFaults());
        Assert.Empty(Connections.Greedy);

        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        await WeChat.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        Assert.Empty(WeChat.Unexpected);
    }

    public Person Anonymous() => new(NewHttp(), null);

    public HttpClient NewHttp() => program!.CreateClient();

    /// <summary>A new user name of the stand-in.</summary>
    public string NewUser() => $"user-{Interlocked.Increment(ref people)}";

    public async Task<Answer> SignIn(string user) =>
        await Anonymous().PostWithoutKey("/api/v1/sessions", new { code = WeChat.IssueLoginCode(user) });

    /// <summary>A worker who has just signed in.</summary>
    public async Task<Person> Worker(string? user = null)
    {
        var session = (await SignIn(user ?? NewUser())).MustBe(HttpStatusCode.Created);
        return new Person(NewHttp(), session["token"]);
    }

    /// <summary>The staff member with this role at this union (seed keys); signed in once and again when the session ran out.</summary>
    public async Task<Person> Staff(Role role, string union)
    {
        var name = $"{role}-{union}".ToLowerInvariant();
        await staff.GetOrAdd(name, _ => new Lazy<Task<Person>>(async () =>
        {
            await AddStaffAsync(name, role, union);
            return Anonymous();
        })).Value;
        return await SignInStaff(name);
    }

    public async Task<Person> SignInStaff(string name, string password = StaffPassword)
    {
        var session = (await Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name, password })).MustBe(HttpStatusCode.Created);
        return new Person(NewHttp(), session["token"]);
    }

    /// <summary>Adds a staff account; with <paramref name="personId"/> to a person who is there already.</summary>
    public async Task AddStaffAsync(string name, Role role, string union, string? personId = null)
    {
        var hash = Services.GetRequiredService<Passwords>().Hash(StaffPassword);
        await Database.TransactAsync(
            async db =>
            {
                var now = Clock.Milliseconds();
                var id = personId ?? Ids.New();
                if (personId is null)
                {
                    await db.InsertAsync(new PersonRow { Id = id, CreatedAt = now });
                }

                await db.InsertAsync(new StaffAccountRow
                {
                    PersonId = id,
                    Name = name,
                    DisplayName = "工作人员",
                    PasswordHash = hash,

                    // Signs in without a TOTP code; accounts with one are invited as in real life (House/Invited.cs).
                    IsDemo = true,
                    CreatedAt = now,
                });
                await Grants.GiveAsync(db, id, role, await UnionIdAsync(db, union), null, now, CancellationToken.None);
            },
            CancellationToken.None);
    }

    public async Task<string> UnionId(string seedKey)
    {
        await using var db = Database.Open();
        return await UnionIdAsync(db, seedKey);
    }

    /// <summary>One number from the database.</summary>
    public async Task<long> Number(string sql)
    {
        await using var db = Database.Open();
        return (await db.QueryToListAsync<long>(sql))[0];
    }

    /// <summary>One text from the database.</summary>
    public async Task<string> Text(string sql)
    {
        await using var db = Database.Open();
        return (await db.QueryToListAsync<string>(sql))[0];
    }

    public async Task Execute(string sql)
    {
        await using var db = Database.Open();
        await db.ExecuteAsync(sql);
    }

    /// <summary>Last changes to the settings.</summary>
    protected virtual void Adjust(Dictionary<string, string> settings)
    {
    }

    protected virtual void Configure(IWebHostBuilder host)
    {
    }

    private static Task<string> UnionIdAsync(Db db, string seedKey) =>
        db.Unions.Where(u => u.SeedKey == seedKey).Select(u => u.Id).FirstAsync();

    /// <summary>Schema, reference data and the demo unions, in a database that has nothing of it yet.</summary>
    protected virtual async Task PrepareDatabaseAsync()
    {
        if (!Database.IsSqlite)
        {
            Services.GetRequiredService<Schema>().Migrate();
            foreach (var data in Services.GetServices<IReferenceData>())
            {
                await data.LoadAsync(CancellationToken.None);
            }
        }

        await ActivatorUtilities.CreateInstance<DemoUnions>(Services).LoadAsync();
    }

    private sealed class QueueLogger(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>On the embedded database, with caches in the process.</summary>
public class SqliteHouse : TestHouse
{
    protected override async Task<Dictionary<string, string>> SettingsAsync()
    {
        await PreparedDatabases.CopySqliteAsync(Folder);
        return new() { ["Database:Kind"] = "sqlite" };
    }

    protected override Task PrepareDatabaseAsync() => Task.CompletedTask;
}

/// <summary>On MariaDB and Redis, as a province runs it.</summary>
public class MariaDbHouse : TestHouse
{
    protected override async Task<Dictionary<string, string>> SettingsAsync()
    {
        var server = await MariaDbServer.SharedAsync();
        var redis = await RedisServer.SharedAsync();
        return new()
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = server.ConnectionString(await PreparedDatabases.CopyMariaDbAsync(server)),
            ["Redis:Connection"] = redis.NewDatabase(),
        };
    }

    protected override Task PrepareDatabaseAsync() => Task.CompletedTask;
}
