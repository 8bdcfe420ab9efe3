using System.Diagnostics;
using System.Net;
using WeChatUnion.TestServers;

namespace WeChatUnion.Bench;

/// <summary>The program as it is installed (Release) or as it was built (Debug), a process of its own; its log goes to a file.</summary>
internal sealed class UnionProgram(string configuration, IReadOnlyDictionary<string, string> settings) : ServerProgram
{
    private static readonly HttpClient Http = new();

    public static string Repository { get; } = FindRepository();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>What the program has used since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.TotalProcessorTime;
        }
    }

    public double ResidentMegabytes
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>The command <c>migrate</c>, which a server database asks for.</summary>
    public async Task MigrateAsync()
    {
        var start = Describe();
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.ArgumentList[1] = start.ArgumentList[1].Replace("\"$0\"", "\"$0\" migrate", StringComparison.Ordinal);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("migrate failed: " + await File.ReadAllTextAsync(Path.Combine(Folder, "log")));
        }
    }

    /// <summary>For the message when something went wrong.</summary>
    public string EndOfLog() => string.Join('\n', File.ReadLines(Path.Combine(Folder, "log")).Where(l => !l.Contains("\"Information\"", StringComparison.Ordinal)).TakeLast(20));

    public IEnumerable<string> LinesOfLog() => File.ReadLines(Path.Combine(Folder, "log"));

    public Task RestartAsync()
    {
        Kill();
        return StartAsync();
    }

    protected override ProcessStartInfo Describe()
    {
        var output = configuration == "Release"
            ? Path.Combine(AppContext.BaseDirectory, "program")
            : Path.Combine(Repository, "api", "bin", configuration, "net10.0");

        // The shell only turns the output away and then becomes the program: reading it here would cost the load's time.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" >>\"$1\" 2>&1", Path.Combine(output, "WeChatUnion.Api.dll"), Path.Combine(Folder, "log")])
        {
            WorkingDirectory = output,
        };
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        start.Environment["Data__Directory"] = DataFolder;
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WeChatUnion.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The bench runs inside the repository: WeChatUnion.sln was not found above it.");
    }
}
