using System.Diagnostics;
using MySqlConnector;

namespace WeChatUnion.TestServers;

/// <summary>A MariaDB server of the tests' own.</summary>
public sealed class MariaDbServer : ServerProgram
{
    private static readonly Lazy<Task<MariaDbServer>> SharedServer = new(() => StartOwnAsync());

    private static readonly Lazy<Task<string>> Installed = new(MakeInstalledAsync);

    private static int databases;

    private readonly string[] options;

    private MariaDbServer(string[] options) => this.options = options;

    /// <summary>The one that all test classes share, each with a database of its own.</summary>
    public static Task<MariaDbServer> SharedAsync() => SharedServer.Value;

    /// <param name="options">Of the server, instead of what suits many small ones side by side.</param>
    public static async Task<MariaDbServer> StartOwnAsync(params string[] options)
    {
        var server = new MariaDbServer(options);
        await server.InstallAsync();
        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={Port};User ID=tests;Password=tests;Database={database};MaximumPoolSize=40;ConnectionIdleTimeout=10;ConnectionTimeout=5";

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

    /// <summary>A new database with the tables and rows of another one that nobody writes to.</summary>
    public async Task<string> CopyAsync(string from)
    {
        var name = await CreateDatabaseAsync();
        await using var connection = new MySqlConnection(ConnectionString(name));
        await connection.OpenAsync();
        var statements = new List<string> { "SET FOREIGN_KEY_CHECKS = 0" };
        foreach (var table in await TextsAsync(connection, $"SHOW TABLES FROM {from}", 0))
        {
            statements.Add((await TextsAsync(connection, $"SHOW CREATE TABLE {from}.{table}", 1))[0]);
            statements.Add($"INSERT INTO {table} SELECT * FROM {from}.{table}");
        }

        await using var command = connection.CreateCommand();
        command.CommandText = string.Join(";\n", statements);
        await command.ExecuteNonQueryAsync();
        return name;
    }

    /// <summary>The same into an empty database of another server.</summary>
    public Task CopyToAsync(string from, MariaDbServer other, string to) => ShellAsync(
        $"{Program("mariadb-dump", "mariadb-server")} {Login} --single-transaction {from} | {Program("mariadb", "mariadb-server")} {other.Login} {to}");

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
        return dump.ExitCode == 0 ? bytes.ToArray() : throw new InvalidOperationException("mariadb-dump failed.");
    }

    /// <summary>As the README tells an operator to: into a file, of one moment, while others write.</summary>
    public Task BackUpAsync(string database, string file) => ShellAsync(
        $"{Program("mariadb-dump", "mariadb-server")} {Login} --single-transaction --quick --hex-blob --default-character-set=utf8mb4 {database} >{file}");

    /// <summary>As the README tells an operator to: into an empty database.</summary>
    public Task RestoreAsync(string database, string file) => ShellAsync(
        $"{Program("mariadb", "mariadb-server")} {Login} --default-character-set=utf8mb4 {database} <{file}");

    private string Login => $"--no-defaults --host=127.0.0.1 --port={Port} --user=tests --password=tests";

    private static async Task<List<string>> TextsAsync(MySqlConnection connection, string sql, int column)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(column));
        }

        return texts;
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start("sh", ["-c", command]);
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command.Split(' ')[0]} ended with {shell.ExitCode}.");
        }
    }

    /// <summary>What the server wrote: tables, redo and undo logs.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(Folder, "data"), "*", SearchOption.AllDirectories);

    protected override ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(Program("mariadbd", "mariadb-server"));
        foreach (var argument in (string[])
        [
            "--no-defaults", $"--datadir={Folder}/data", $"--tmpdir={Folder}", $"--socket={Folder}/s", $"--pid-file={Folder}/pid", $"--port={Port}",
            "--bind-address=127.0.0.1", "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
            // What was answered is on disk: crash tests rely on it.
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=64M", "--max-connections=2000", "--skip-name-resolve",
            $"--init-file={Folder}/init.sql", .. options,
        ])
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

    /// <summary>Installed once a run; each server begins with a copy.</summary>
    private async Task InstallAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "init.sql"),
            "CREATE OR REPLACE USER tests@'127.0.0.1' IDENTIFIED BY 'tests';\nGRANT ALL ON *.* TO tests@'127.0.0.1';\n");
        await ShellAsync($"cp -r --sparse=always {await Installed.Value} {Folder}/data");
    }

    private static async Task<string> MakeInstalledAsync()
    {
        var folder = Directory.CreateTempSubdirectory("wu").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var start = new ProcessStartInfo(Program("mariadb-install-db", "mariadb-server")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--no-defaults", $"--datadir={folder}/data", "--skip-test-db", "--auth-root-authentication-method=normal", "--innodb-log-file-size=64M" })
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
        return install.ExitCode == 0
            ? Path.Combine(folder, "data")
            : throw new InvalidOperationException($"mariadb-install-db failed: {await output} {await error}");
    }
}
