using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;

namespace WeChatUnion.Tests.House;

/// <summary>A server program that the tests start on a free loopback port and end with themselves.</summary>
public abstract class ServerProgram : IAsyncDisposable
{
    /// <summary>Seconds on a free machine; this much only on one that is busy with everything else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Process? process;

    protected ServerProgram()
    {
        Port = FreePort();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public int Port { get; }

    protected int ProcessId => process!.Id;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("wu").FullName;

    public async Task StartAsync()
    {
        var start = Describe();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var ended = process;
        process = Process.Start(start)!;
        ended?.Dispose();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitAsync();
    }

    /// <summary>SIGKILL: whatever was not written to disk is gone.</summary>
    public void Kill()
    {
        if (process is { HasExited: false } running)
        {
            running.Kill();
            running.WaitForExit();
        }
    }

    /// <summary>SIGKILL, then a new process on the same data.</summary>
    public async Task KillAndStartAsync()
    {
        Kill();
        await StartAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it; the exit code, or null when the process is still there after the wait.</summary>
    public async Task<int?> StopAsync(TimeSpan atMost)
    {
        using var signal = Process.Start("sh", ["-c", $"kill -TERM {process!.Id}"]);
        await signal.WaitForExitAsync();
        using var patience = new CancellationTokenSource(atMost);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        process?.Dispose();
        process = null;
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A file still open somewhere: the folder is a temporary one.
        }

        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract ProcessStartInfo Describe();

    protected abstract Task<bool> AnswersAsync();

    /// <summary>The program's path, or a sentence that tells what to install.</summary>
    protected static string Program(string name, string package)
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/local/sbin"]);
        return places.Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The tests need {name}: please install {package} (Debian: apt-get install {package}).");
    }

    /// <summary>
    /// A free port below those that systems give to outgoing connections (32768 and up): a client that knocks at a server
    /// which is down could otherwise be given that very port as its own, and keep the server from coming back.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    private async Task WaitAsync()
    {
        var patience = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process!.HasExited)
            {
                throw new InvalidOperationException($"{GetType().Name} ended with {process.ExitCode} instead of coming up on port {Port}.");
            }

            if (patience.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{GetType().Name} did not come up on port {Port} within {Patience}.");
            }

            await Task.Delay(50);
        }
    }
}

/// <summary>A MariaDB server of the tests' own.</summary>
public sealed class MariaDbServer : ServerProgram
{
    private static readonly Lazy<Task<MariaDbServer>> SharedServer = new(StartOwnAsync);

    private static int databases;

    /// <summary>The one that all test classes share, each with a database of its own.</summary>
    public static Task<MariaDbServer> SharedAsync() => SharedServer.Value;

    public static async Task<MariaDbServer> StartOwnAsync()
    {
        var server = new MariaDbServer();
        await server.InstallAsync();
        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={Port};User ID=tests;Password=tests;Database={database};MaximumPoolSize=40;ConnectionTimeout=5";

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"union_{Interlocked.Increment(ref databases)}";
        await using var connection = new MySqlConnection(ConnectionString("mysql"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        await command.ExecuteNonQueryAsync();
        return name;
    }

    /// <summary>All that a dump for a backup holds.</summary>
    public async Task<byte[]> DumpAsync(string database)
    {
        var start = new ProcessStartInfo(
            Program("mariadb-dump", "mariadb-server"),
            ["--no-defaults", "--host=127.0.0.1", $"--port={Port}", "--user=tests", "--password=tests", "--skip-extended-insert", database])
        {
            RedirectStandardOutput = true,
        };
        using var dump = Process.Start(start)!;
        using var bytes = new MemoryStream();
        await dump.StandardOutput.BaseStream.CopyToAsync(bytes);
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return bytes.ToArray();
    }

    /// <summary>What the server wrote: tables, redo and undo logs.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(Folder, "data"), "*", SearchOption.AllDirectories);

    protected override ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(Program("mariadbd", "mariadb-server"));
        foreach (var argument in new[]
        {
            "--no-defaults", $"--datadir={Folder}/data", $"--socket={Folder}/s", $"--pid-file={Folder}/pid", $"--port={Port}",
            "--bind-address=127.0.0.1", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
            // What was answered is on disk: crash tests rely on it.
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=64M", "--max-connections=600", "--skip-name-resolve",
            $"--init-file={Folder}/init.sql",
        })
        {
            start.ArgumentList.Add(argument);
        }

        if (Environment.UserName == "root")
        {
            start.ArgumentList.Add("--user=root");
        }

        return start;
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new MySqlConnection(ConnectionString("mysql") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (MySqlException)
        {
            return false;
        }
    }

    private async Task InstallAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "init.sql"),
            "CREATE OR REPLACE USER tests@'127.0.0.1' IDENTIFIED BY 'tests';\nGRANT ALL ON *.* TO tests@'127.0.0.1';\n");
        var start = new ProcessStartInfo(Program("mariadb-install-db", "mariadb-server")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--no-defaults", $"--datadir={Folder}/data", "--skip-test-db", "--auth-root-authentication-method=normal" })
        {
            start.ArgumentList.Add(argument);
        }

        if (Environment.UserName == "root")
        {
            start.ArgumentList.Add("--user=root");
        }

        using var install = Process.Start(start)!;
        var output = install.StandardOutput.ReadToEndAsync();
        var error = install.StandardError.ReadToEndAsync();
        await install.WaitForExitAsync();
        if (install.ExitCode != 0)
        {
            throw new InvalidOperationException($"mariadb-install-db failed: {await output} {await error}");
        }
    }
}

/// <summary>A Redis server of the tests' own.</summary>
public sealed class RedisServer : ServerProgram
{
    private static readonly Lazy<Task<RedisServer>> SharedServer = new(StartOwnAsync);

    private int houses;

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>A numbered database of its own: houses must not count each other's deeds.</summary>
    public string NewDatabase() => $"{Endpoint},defaultDatabase={Interlocked.Increment(ref houses)}";

    public static Task<RedisServer> SharedAsync() => SharedServer.Value;

    public static async Task<RedisServer> StartOwnAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    protected override ProcessStartInfo Describe() => new(
        Program("redis-server", "redis-server"),
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", "1000", "--dir", Folder]);

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
