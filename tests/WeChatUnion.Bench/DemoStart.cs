using System.Diagnostics;

namespace WeChatUnion.Bench;

/// <summary>
/// What a newcomer meets: the Debug build with the demo county, from the start of its process to the first good
/// answer of <c>/health/ready</c> at the second start; resident after ten seconds without a request.
/// </summary>
internal static class DemoStart
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task RunAsync()
    {
        await BuildDebugAsync();
        var settings = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DemoStandInPort"] = "0" };
        await using var program = new UnionProgram("Debug", settings);
        await program.StartAsync();
        program.Kill();

        var start = Stopwatch.GetTimestamp();
        await program.StartAsync();
        Figures.Tell("second-start-ms", "sqlite", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");
        await Task.Delay(Rest);
        Figures.Tell("idle-resident-mb", "sqlite", program.ResidentMegabytes, "MB");
    }

    private static async Task BuildDebugAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(UnionProgram.Repository, "api"), "-c", "Debug", "-v", "quiet", "-nologo"]);
        using var build = Process.Start(start)!;
        await build.WaitForExitAsync();
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException("The Debug build failed.");
        }
    }
}
