using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WeChatUnion.TestServers;

/// <summary>A program that the tests and the bench start on a free loopback port and end with themselves.</summary>
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

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

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
            Kills++;
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
