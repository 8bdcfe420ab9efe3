using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests;

/// <summary>
/// What an operator installs, of a copy so that this build stays as it is; not compiled ahead, which changes nothing in
/// what is there and costs a minute.
/// </summary>
public sealed class ReleaseTests : IAsyncLifetime
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(ApiProcess.ProgramFolder, "../../../.."));

    private readonly string folder = Directory.CreateTempSubdirectory("wu").FullName;

    private string Published => Path.Combine(folder, "published");

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Repository).Where(f => f.EndsWith(".props", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal) || f.EndsWith(".editorconfig", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        Copy("api");
        Copy("seeds");

        // Analyzers and documents change nothing in what is published, and have had this code when it was built.
        var (code, output) = await RunAsync(
            folder, [], "publish", "api", "-c", "Release", "-o", Published, "--nologo", "-v", "q", "-p:RunAnalyzers=false", "-p:OpenApiGenerateDocumentsOnBuild=false");
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_release_has_no_stand_in_no_demo_people_and_no_way_to_switch_them_on()
    {
        var files = Directory.EnumerateFiles(Published, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Published, f)).ToList();
        Assert.Contains("WeChatUnion.Api.dll", files);
        Assert.Contains(files, f => f.StartsWith("seeds/reference/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, f => f.Contains("StandIn", StringComparison.OrdinalIgnoreCase) || f.Contains("demo", StringComparison.OrdinalIgnoreCase));
        var program = await File.ReadAllBytesAsync(Path.Combine(Published, "WeChatUnion.Api.dll"));
        Assert.All(["WeChatStandIn", "DemoCounty", "DemoStaff", "DemoWorkers", "DemoUnions", "DemoActivities", "WeChatUnion.Api.Demo"], name =>
        {
            Assert.False(program.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0, name);
            Assert.False(program.AsSpan().IndexOf(Encoding.Unicode.GetBytes(name)) >= 0, name);
        });

        // Production without settings: one sentence for each fault, and no start.
        var (code, output) = await RunAsync(folder, new() { ["Data__Directory"] = Path.Combine(folder, "production") }, Path.Combine(Published, "WeChatUnion.Api.dll"));
        Assert.Equal(78, code);
        Assert.Contains("WeChat:AppId", output, StringComparison.Ordinal);
        Assert.Contains("WeChat:AppSecret", output, StringComparison.Ordinal);
        Assert.Contains("Privacy:IndexKey", output, StringComparison.Ordinal);

        // Asked for in every way that a Debug build knows, nothing of the demo appears.
        var port = ServerProgram.FreePort();
        var standInPort = ServerProgram.FreePort();
        var data = Path.Combine(folder, "development");
        var start = Start(
            folder,
            new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["DemoStandInPort"] = $"{standInPort}",
                ["Data__Directory"] = data,
            },
            Path.Combine(Published, "WeChatUnion.Api.dll"));
        using var process = Process.Start(start)!;
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await MustAnswerAsync(port);
            using var client = new TcpClient();
            await Assert.ThrowsAnyAsync<SocketException>(async () => await client.ConnectAsync("127.0.0.1", standInPort));
            Assert.False(File.Exists(Path.Combine(data, "demo-accounts.txt")));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task MustAnswerAsync(int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var look = 0; look < 600; look++)
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }

        Assert.Fail("The published program does not answer.");
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Process.Start(Start(folder, environment, arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    private static ProcessStartInfo Start(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private void Copy(string name)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository, name), "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Repository, file);
            if (!relative.Split('/').Any(part => part is "bin" or "obj" or "data"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, relative))!);
                File.Copy(file, Path.Combine(folder, relative));
            }
        }
    }
}
