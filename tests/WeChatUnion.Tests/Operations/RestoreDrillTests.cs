using System.Net;
using LinqToDB.Data;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Operations;

public sealed class RestoreDrillOnSqlite(SqliteProcess house) : RestoreDrillTests(house), IClassFixture<SqliteProcess>
{
    private readonly SqliteProcess house = house;

    private string File => Path.Combine(house.Api.DataDirectory, "union.db");

    /// <summary>The control: the file alone, as people copy it.</summary>
    [Fact]
    public async Task A_plain_copy_of_the_file_lacks_what_was_acknowledged()
    {
        await using var drill = await PrepareAsync();
        await drill.Load.UntilAnsweredAsync(20);
        await house.Api.RunAsync("backup", Backup + "-whole");
        System.IO.File.Copy(File, Backup);
        await drill.Load.StopAsync();
        await house.Api.StopAsync(TimeSpan.FromSeconds(30));
        await DestroyAsync();
        System.IO.File.Move(Backup, File);
        try
        {
            Assert.NotEmpty(drill.Load.Answered.Keys.Except(await KeptByCopyAsync(drill.Application)));
        }
        finally
        {
            // The other tests of this house go on with the whole one.
            await DestroyAsync();
            await house.Api.RunAsync("restore", Backup + "-whole");
            await StartAsync();
        }
    }

    [Fact]
    public async Task A_restore_waits_for_nobody_overwrites_nothing_and_takes_only_whole_backups_of_its_own()
    {
        var backup = Backup + "-refused";
        await house.Api.RunAsync("backup", backup);
        Assert.Equal(1, await house.Api.CodeOfAsync("backup", backup));
        Assert.Equal(64, await house.Api.CodeOfAsync("backup"));
        Assert.Equal(1, await house.Api.CodeOfAsync("restore", backup, "--replace"));
        Assert.Contains("请先停止程序", await System.IO.File.ReadAllTextAsync(house.Api.LogFile), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(backup));
        }

        Assert.Equal(0, await house.Api.StopAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, await house.Api.CodeOfAsync("restore", backup));
        Assert.Equal(1, await house.Api.CodeOfAsync("restore", backup + "-missing", "--replace"));
        var damaged = await System.IO.File.ReadAllBytesAsync(backup);
        damaged.AsSpan(damaged.Length / 2, 8192).Fill(0xAA);
        await System.IO.File.WriteAllBytesAsync(backup + "-damaged", damaged);
        Assert.Equal(1, await house.Api.CodeOfAsync("restore", backup + "-damaged", "--replace"));
        await house.Execute("INSERT INTO schema_migrations (type, version, description, name, checksum, installed_by, success) VALUES (0, '9999', 'later', 'later', '', '', 1)");
        await house.Api.RunAsync("backup", backup + "-later");
        Assert.Equal(1, await house.Api.CodeOfAsync("restore", backup + "-later", "--replace"));
        Assert.Contains("结构为第 9999 版", await System.IO.File.ReadAllTextAsync(house.Api.LogFile), StringComparison.Ordinal);

        await house.Api.RunAsync("restore", backup, "--replace");
        Assert.NotEmpty(Directory.EnumerateFiles(house.Api.DataDirectory, "union.db.replaced-*"));
        await StartAsync();
        Assert.Empty(await house.Texts("SELECT version FROM schema_migrations WHERE version = '9999'"));

        // A copy has forgotten it: without it, readers and the writer would wait for each other.
        Assert.Equal(["wal"], await house.Texts("PRAGMA journal_mode"));
        Assert.Equal(["back_up", "restore"], await house.Texts("SELECT DISTINCT deed FROM audit_entries WHERE record_kind = 'backup' ORDER BY deed"));
    }

    protected override Task BackUpAsync() => house.Api.RunAsync("backup", Backup);

    protected override Task RestoreAsync() => house.Api.RunAsync("restore", Backup);

    /// <summary>Nothing, where the log was written into the file while it was copied: half old and half new, it is no database any more.</summary>
    private async Task<List<string>> KeptByCopyAsync(string application)
    {
        try
        {
            return await NotesAsync(application);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            return [];
        }
    }

    /// <summary>This process must not go on reading the file that was replaced.</summary>
    private async Task StartAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await house.Api.StartAsync();
    }

    protected override Task DestroyAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(house.Api.DataDirectory, "union.db*"))
        {
            System.IO.File.Delete(file);
        }

        return Task.CompletedTask;
    }

    protected override string TablesSql =>
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
}

public sealed class RestoreDrillOnMariaDb(MariaDbProcess house) : RestoreDrillTests(house), IClassFixture<MariaDbProcess>
{
    private readonly MariaDbProcess house = house;

    protected override Task BackUpAsync() => house.Server.BackUpAsync(house.DatabaseName, Backup);

    protected override Task RestoreAsync() => house.Server.RestoreAsync(house.DatabaseName, Backup);

    protected override async Task DestroyAsync()
    {
        await house.Execute($"DROP DATABASE {house.DatabaseName}");
        await using var connection = new MySqlConnector.MySqlConnection(house.Server.ConnectionString("mysql"));
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {house.DatabaseName} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        await create.ExecuteNonQueryAsync();
    }

    protected override string TablesSql =>
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name";
}

/// <summary>Fill, back up under load, destroy, restore, compare row by row with what was there before, read what is sealed.</summary>
[Trait(Soak.Trait, "yes")]
public abstract class RestoreDrillTests(ProcessHouse house)
{
    private static readonly int Applicants = Soak.Size(inRun: 4, inSoak: 200);
    private static readonly int Notes = Soak.Size(inRun: 30, inSoak: 3_000);

    /// <summary>Rows that move on by themselves; in all other tables a row written before the backup stands as it was.</summary>
    private static readonly string[] Moving = ["periodic_runs", "sessions", "audit_days"];

    protected string Backup { get; } = Path.Combine(Directory.CreateTempSubdirectory("wu").FullName, "backup");

    protected abstract string TablesSql { get; }

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_began_is_there_after_the_loss_of_everything_else()
    {
        await using var drill = await PrepareAsync();
        await drill.Load.UntilAnsweredAsync(Notes);
        var acknowledged = drill.Load.Answered.ToDictionary();
        var before = await RowsAsync();

        await BackUpAsync();

        await drill.Load.UntilAnsweredAsync(Notes / 2);
        await drill.Load.StopAsync();
        house.Api.Kill();
        await DestroyAsync();
        await RestoreAsync();
        await house.Api.StartAsync();

        var after = await RowsAsync();
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.True(before.Values.Sum(t => t.Count) > Notes * 3, "There was hardly anything to lose.");
        foreach (var (table, rows) in before.Where(t => !Moving.Contains(t.Key)))
        {
            Assert.Empty(rows.Except(after[table]));
        }

        // One moment: a note is there with all that was written with it, or not at all.
        var kept = await NotesAsync(drill.Application);
        Assert.Superset(acknowledged.Keys.ToHashSet(), kept.ToHashSet());
        Assert.Equal(kept.Count, (await house.Texts($"SELECT id FROM audit_entries WHERE deed = 'record_contact' AND record_id = '{drill.Application}'")).Count);

        await MustBeReadableAsync(drill, acknowledged);
        await house.Api.RunAsync("verify-audit");
    }

    protected abstract Task BackUpAsync();

    protected abstract Task DestroyAsync();

    protected abstract Task RestoreAsync();

    private protected async Task<Drill> PrepareAsync()
    {
        var officer = await house.Staff($"officer-{Guid.NewGuid():N}", Role.MembershipOfficer, "zhaipo");
        var people = Enumerable.Range(0, Applicants).Select(_ => Papers.New()).ToList();
        foreach (var papers in people)
        {
            await papers.ApplyAsync(house, await house.Worker(papers.User));
        }

        var application = await ApplicationOfAsync(officer, people[0]);
        var load = new Load([house.Api.Address], officer.Token!, application);
        load.Start();
        return new Drill(officer, people, application, load);
    }

    private protected Task<List<string>> NotesAsync(string application) =>
        house.Texts($"SELECT id FROM membership_contacts WHERE application_id = '{application}'");

    private static async Task<string> ApplicationOfAsync(Person officer, Papers papers)
    {
        var found = await officer.Post("/api/v1/office/member-searches", new { idNumber = papers.IdNumber, reason = "核实入会申请人" });
        return found.MustBe(HttpStatusCode.OK).Items.Single().GetProperty("applicationId").GetString()!;
    }

    /// <summary>Through the program and with its keys: numbers are found, words are read, a repeat is known.</summary>
    private static async Task MustBeReadableAsync(Drill drill, Dictionary<string, Load.Note> acknowledged)
    {
        foreach (var papers in drill.People.Take(5))
        {
            await ApplicationOfAsync(drill.Officer, papers);
        }

        var read = new Dictionary<string, string>();
        string? after = null;
        do
        {
            var page = (await drill.Officer.Get(
                $"/api/v1/office/membership-applications/{drill.Application}/contacts?take=50" + (after is null ? "" : $"&after={after}"))).MustBe(HttpStatusCode.OK);
            foreach (var item in page.Items)
            {
                read[item.GetProperty("id").GetString()!] = item.GetProperty("note").GetString()!;
            }

            after = page.Body.GetProperty("next").GetString();
        }
        while (after is not null);

        Assert.All(acknowledged, n => Assert.Equal(n.Value.Text, read[n.Key]));
        var (id, note) = acknowledged.First();
        Assert.Equal(id, await drill.Load.RepeatAsync(note));
    }

    /// <summary>All rows of all tables, each as one text.</summary>
    private async Task<Dictionary<string, HashSet<string>>> RowsAsync()
    {
        var all = new Dictionary<string, HashSet<string>>();
        foreach (var table in await house.Texts(TablesSql))
        {
            await using var db = house.Database.Open();
            using var reader = await db.ExecuteReaderAsync($"SELECT * FROM {table}");
            var rows = all[table] = [];
            while (await reader.Reader!.ReadAsync())
            {
                var row = reader.Reader;
                rows.Add(string.Join('\u001f', Enumerable.Range(0, row.FieldCount)
                    .Select(n => row.IsDBNull(n) ? "\u0000" : row.GetValue(n) is byte[] bytes ? Convert.ToHexString(bytes) : row.GetValue(n).ToString())));
            }
        }

        return all;
    }

    private protected sealed record Drill(Person Officer, IReadOnlyList<Papers> People, string Application, Load Load) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Load.DisposeAsync();
    }
}
