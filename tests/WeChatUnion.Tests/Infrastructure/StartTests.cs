using System.Net;
using Microsoft.Data.Sqlite;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

/// <summary>The built program as a process, in Production.</summary>
public sealed class StartTests : IDisposable
{
    private const int Misconfigured = 78;

    private readonly string folder = Directory.CreateTempSubdirectory("wu").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_any_setting_it_says_one_sentence_for_each_thing_that_is_missing()
    {
        var output = await Refuses([]);
        foreach (var words in new[] { "WeChat:AppId", "WeChat:AppSecret", "Privacy:CurrentFieldKey", "Privacy:IndexKey" })
        {
            Assert.Single(output.Split('\n'), l => l.StartsWith("  - ", StringComparison.Ordinal) && l.Contains(words, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_sample_file_itself_is_refused_for_its_sample_secrets()
    {
        File.Copy(Path.Combine(Sources.Root, "appsettings.sample.json"), Path.Combine(folder, "appsettings.Production.json"));
        var output = await Refuses(new() { ["Data:Directory"] = folder });
        Assert.Equal(
            ["Privacy:FieldKeys:2026-1", "Privacy:IndexKey", "Singles:BallotKey", "WeChat:AppId", "WeChat:AppSecret"],
            output.Split('\n').Where(l => l.StartsWith("  - ", StringComparison.Ordinal)).Select(l => l[4..].Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Photos_that_can_be_fetched_and_never_answered_about_are_refused()
    {
        var settings = Right();
        settings["WeChat:PublicAddress"] = "https://union.example.cn/";
        Assert.Contains("WeChatPush:Token", await Refuses(settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_with_demo_accounts_is_refused()
    {
        var settings = Right();
        Assert.Equal(0, await Run(settings, "migrate"));
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "union.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                INSERT INTO persons (id, created_at) VALUES ('00000000000000000000000000000001', 0);
                INSERT INTO staff_accounts (person_id, name, display_name, password_hash, is_demo, created_at)
                VALUES ('00000000000000000000000000000001', 'demo', '演示', 'x', 1, 0);
                """;
            await command.ExecuteNonQueryAsync();
        }

        Assert.Contains("演示账号", await Refuses(settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_names_those_there_are()
    {
        using var program = ProgramProcess.Start(folder, Right(), "migrat");
        Assert.Equal(64, await program.ExitCodeAsync());
        Assert.Contains("migrate", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrating_twice_is_well()
    {
        Assert.Equal(0, await Run(Right(), "migrate"));
        Assert.Equal(0, await Run(Right(), "migrate"));
    }

    [Fact]
    public async Task Migrating_a_database_that_is_away_ends_with_a_sentence()
    {
        var settings = Right();
        settings["Database:Kind"] = "mysql";
        settings["Database:ConnectionString"] = "Server=127.0.0.1;Port=1;User ID=x;Password=canary;Database=x;ConnectionTimeout=2";
        using var program = ProgramProcess.Start(folder, settings, "migrate");
        Assert.Equal(69, await program.ExitCodeAsync());
        Assert.Contains("数据库", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_right_settings_it_serves_refuses_what_is_too_large_and_stops_when_asked()
    {
        using var program = ProgramProcess.Start(folder, Right(), "--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = await program.AddressAsync() };
        var anybody = new Person(http, null);
        (await anybody.Get("/health/ready")).MustBe(HttpStatusCode.OK);
        (await anybody.Get("/swagger/index.html")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await anybody.SendRaw(HttpMethod.Post, "/api/v1/sessions", $$"""{"code":"{{new string('x', 300 * 1024)}}"}"""))
            .MustBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await new Person(http, new string('t', 100_000)).Get("/api/v1/me")).Status);
        var refused = (await new Person(http, new string('t', 20_000)).Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        Assert.Null(refused.Response.Headers.Server.FirstOrDefault());
        (await anybody.PostWithoutKey("/api/v1/sessions", new { code = "x" })).MustBe(HttpStatusCode.ServiceUnavailable, "wechat_unavailable");

        using var stop = System.Diagnostics.Process.Start("kill", ["-TERM", $"{program.ProcessId}"]);
        Assert.Equal(0, await program.ExitCodeAsync());
    }

    private Dictionary<string, string> Right()
    {
        var settings = ProductionSettings.Right();
        settings["Data:Directory"] = folder;
        return settings;
    }

    private async Task<int> Run(Dictionary<string, string> settings, params string[] arguments)
    {
        using var program = ProgramProcess.Start(folder, settings, arguments);
        return await program.ExitCodeAsync();
    }

    /// <summary>What it said when it refused to start, which was not a stack trace.</summary>
    private async Task<string> Refuses(Dictionary<string, string> settings)
    {
        using var program = ProgramProcess.Start(folder, settings);
        Assert.Equal(Misconfigured, await program.ExitCodeAsync());
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", program.Output, StringComparison.Ordinal);
        return program.Output;
    }
}
