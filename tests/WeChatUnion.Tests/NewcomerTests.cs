using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests;

/// <summary>Tests that measure time run after all others, alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>What the one command starts, for all who look at it.</summary>
public sealed class NewcomerProgram : IAsyncLifetime
{
    public NewcomerProgram() => Api = New(StandInPort);

    public int StandInPort { get; } = ServerProgram.FreePort();

    public ApiProcess Api { get; }

    public string Accounts => AccountsOf(Api);

    public static ApiProcess New(int standInPort) =>
        new(new Dictionary<string, string> { ["DemoStandInPort"] = $"{standInPort}" }, "Development");

    public static string AccountsOf(ApiProcess api) => Path.Combine(api.DataDirectory, "demo-accounts.txt");

    public async ValueTask InitializeAsync() => await Api.StartAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}

/// <summary>Somebody has just cloned the repository and types the one command; these tests look at what it starts.</summary>
[Collection(Alone.Name)]
public sealed class NewcomerTests(NewcomerProgram program) : IClassFixture<NewcomerProgram>
{
    private static readonly TimeSpan SecondStartWithin = TimeSpan.FromSeconds(3);

    private readonly ApiProcess api = program.Api;

    [Fact]
    public async Task The_first_start_says_where_everything_is()
    {
        var log = await File.ReadAllTextAsync(api.LogFile);
        Assert.Contains($"{api.Address.GetLeftPart(UriPartial.Authority)}/swagger", log, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{program.StandInPort}", log, StringComparison.Ordinal);
        Assert.Contains(program.Accounts, log, StringComparison.Ordinal);
        Assert.Contains("seeds/first-day.sh", log, StringComparison.Ordinal);
        using var http = api.NewHttp();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/swagger/index.html")).StatusCode);
    }

    [Fact]
    public async Task Passwords_are_random_and_only_the_owner_may_read_them()
    {
        await using var other = NewcomerProgram.New(ServerProgram.FreePort());
        await other.StartAsync();
        var passwords = Passwords(program.Accounts).Concat(Passwords(NewcomerProgram.AccountsOf(other))).ToList();

        Assert.Equal(32, passwords.Count);
        Assert.Equal(32, passwords.Distinct().Count());
        Assert.All(passwords, p => Assert.True(p.Length >= 16));
        Assert.DoesNotContain(passwords, p => File.ReadAllText(api.LogFile).Contains(p, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(owner, File.GetUnixFileMode(program.Accounts));
            Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(api.DataDirectory, "keys.json")));
            Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(api.DataDirectory));
        }
    }

    [Fact]
    public async Task A_second_start_is_quick_and_changes_nothing()
    {
        await UntilAllIsSealedAsync();
        Assert.Equal(0, await api.StopAsync(TimeSpan.FromSeconds(20)));
        var (rows, accounts) = (AllRows(), await File.ReadAllTextAsync(program.Accounts));
        var quickest = TimeSpan.MaxValue;
        for (var start = 0; start < 3 && quickest > SecondStartWithin; start++)
        {
            var time = Stopwatch.StartNew();
            await api.StartAsync();
            var own = time.Elapsed - api.WaitedForProcessor();
            quickest = own < quickest ? own : quickest;
            Assert.Equal(0, await api.StopAsync(TimeSpan.FromSeconds(20)));
        }

        Assert.True(quickest <= SecondStartWithin, $"The program took {quickest} to answer.");
        Assert.Equal(rows, AllRows());
        Assert.Equal(accounts, await File.ReadAllTextAsync(program.Accounts));
        await api.StartAsync();
    }

    private static IEnumerable<string> Passwords(string file) =>
        File.ReadLines(file).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    /// <summary>Every row of every table, as text.</summary>
    private string AllRows()
    {
        using var connection = OpenDatabase();
        var text = new StringBuilder();

        // When periodic work runs next moves on by itself.
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'periodic_runs' ORDER BY name"))
        {
            text.AppendLine(table).AppendJoin('\n', Rows(connection, $"SELECT * FROM \"{table}\"").Order(StringComparer.Ordinal)).AppendLine();
        }

        return text.ToString();
    }

    private SqliteConnection OpenDatabase()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(api.DataDirectory, "union.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>What others did in the last seconds is sealed a little later, and would be seen as a change of the next start.</summary>
    private async Task UntilAllIsSealedAsync()
    {
        using var connection = OpenDatabase();
        for (var look = 0; look < 60 && Rows(connection, "SELECT id FROM audit_entries WHERE id NOT IN (SELECT entry_id FROM audit_seals)").Count > 0; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }
}
