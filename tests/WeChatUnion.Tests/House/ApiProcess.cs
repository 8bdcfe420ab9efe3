using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace WeChatUnion.Tests.House;

/// <summary>
/// The built program as a process of its own, started as an operator starts it: on a free loopback port, with its
/// settings in the environment and a data directory of its own. It can be killed and started again on the same data.
/// </summary>
public sealed class ApiProcess(IReadOnlyDictionary<string, string> settings, string environment = "Testing") : ServerProgram
{
    /// <summary>Where the build puts the program, of the same configuration as these tests.</summary>
    public static string ProgramFolder { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../api/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0"));

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public string DataDirectory => Path.Combine(Folder, "data");

    /// <summary>Everything the program wrote to its standard output and error, byte for byte, over all starts.</summary>
    public string LogFile => Path.Combine(Folder, "log");

    public HttpClient NewHttp() => new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>
    /// A phone on a slow net: an answer takes a while to arrive, and is lost when the program is killed meanwhile. A kill
    /// then always comes between somebody's commit and the answer to it.
    /// </summary>
    public HttpClient NewSlowHttp() =>
        new(new SlowNet(this) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };

    public Person Anonymous() => new(NewHttp(), null);

    /// <summary>Runs a command of the program, such as <c>migrate</c>, to its end.</summary>
    public async Task RunAsync(params string[] command)
    {
        var code = await CodeOfAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {await File.ReadAllTextAsync(LogFile)}");
    }

    /// <summary>The exit code of a command that may refuse.</summary>
    public async Task<int> CodeOfAsync(params string[] command)
    {
        using var process = Process.Start(Describe(command))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>A database that is away is told as such, with a time to come again; anything else is a fault.</summary>
    public void MustBeAway(Answer answer)
    {
        if (answer.Status != HttpStatusCode.ServiceUnavailable)
        {
            // Read only then: the log has megabytes, and answers come by the thousand.
            Assert.Fail($"{answer.Text} {Complaints()}");
        }

        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    /// <summary>The errors in the log, to tell why a test failed.</summary>
    public string Complaints() => string.Join('\n', File.ReadLines(LogFile).Where(l => l.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)));

    /// <summary>
    /// How long its threads were ready to run while the machine was busy with others; zero where the system does not
    /// tell. Taken off the wall clock, it keeps a time limit from judging the neighbours.
    /// </summary>
    public TimeSpan WaitedForProcessor()
    {
        var threads = $"/proc/{ProcessId}/task";
        if (!Directory.Exists(threads))
        {
            return TimeSpan.Zero;
        }

        return Directory.EnumerateDirectories(threads).Aggregate(TimeSpan.Zero, (sum, thread) => sum + Waited(thread));

        static TimeSpan Waited(string thread)
        {
            try
            {
                var nanoseconds = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[1];
                return TimeSpan.FromMicroseconds(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1000);
            }
            catch (IOException)
            {
                // The thread has ended.
                return TimeSpan.Zero;
            }
        }
    }

    protected override ProcessStartInfo Describe() => Describe([]);

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var http = NewHttp();
            return (await http.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The shell only opens the log and then becomes the program, so the process id is the program's.</summary>
    private ProcessStartInfo Describe(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh",
            ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", LogFile, "dotnet", Path.Combine(ProgramFolder, "WeChatUnion.Api.dll"), .. arguments])
        {
            WorkingDirectory = ProgramFolder,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;

        // Each line runs a few times only before it is killed.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        start.Environment["Data__Directory"] = DataDirectory;
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    private sealed class SlowNet(ApiProcess api) : DelegatingHandler
    {
        private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(40);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var kills = api.Kills;
            var response = await base.SendAsync(request, cancellationToken);
            await Task.Delay(Way, cancellationToken);
            return api.Kills == kills ? response : throw new HttpRequestException("The connection broke while the answer was on its way.");
        }
    }
}
