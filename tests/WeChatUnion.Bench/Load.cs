using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace WeChatUnion.Bench;

/// <summary>
/// Asks a server over a fixed number of kept-alive connections, each with one request under way. One thread, plain
/// sockets and prepared bytes: it shares the processors with the server, and what it takes from them would flatter
/// every ratio.
/// </summary>
internal static class Load
{
    private const int Connections = 32;
    private const int PatienceMicroseconds = 10_000_000;

    /// <summary>Asks for <paramref name="length"/>.</summary>
    public static LoadRun For(TimeSpan length, UnionProgram program, Func<byte[]> next)
    {
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        return Run(program, next, _ => Stopwatch.GetTimestamp() < end);
    }

    /// <summary>Asks for <paramref name="length"/> each, in turns of <paramref name="turn"/>.</summary>
    public static LoadRun[] InTurns(TimeSpan length, TimeSpan turn, UnionProgram program, IReadOnlyList<Func<byte[]>> all)
    {
        var turns = Enumerable.Range(0, (int)Math.Ceiling(length / turn))
            .Select(_ => all.Select(next => For(turn, program, next)).ToArray())
            .ToArray();
        return [.. Enumerable.Range(0, all.Count).Select(i => LoadRun.Sum(turns.Select(t => t[i])))];
    }

    /// <summary>Asks this often.</summary>
    public static LoadRun Times(int requests, UnionProgram program, Func<byte[]> next) =>
        Run(program, next, sent => sent < requests);

    /// <summary>
    /// Asks for <paramref name="length"/>, but not more often than <paramref name="most"/>, over so many connections to
    /// each of the programs in turn.
    /// </summary>
    public static LoadRun For(TimeSpan length, int most, int connections, IReadOnlyList<UnionProgram> programs, Func<byte[]> next)
    {
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        return Run(programs, connections, next, sent => sent < most && Stopwatch.GetTimestamp() < end);
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(string method, string path, string? token = null, string? json = null, string? key = null)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if (token is not null)
        {
            text.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        }

        if (key is not null)
        {
            text.Append("Idempotency-Key: ").Append(key).Append("\r\n");
        }

        if (json is not null)
        {
            text.Append("Content-Type: application/json\r\nContent-Length: ").Append(Encoding.UTF8.GetByteCount(json)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(json).ToString());
    }

    private static LoadRun Run(UnionProgram program, Func<byte[]> next, Func<int, bool> isMoreWanted) =>
        Run([program], Connections, next, isMoreWanted);

    private static LoadRun Run(IReadOnlyList<UnionProgram> programs, int count, Func<byte[]> next, Func<int, bool> isMoreWanted)
    {
        var connections = Enumerable.Range(0, count).Select(i => new Connection(programs[i % programs.Count].Port)).ToDictionary(c => c.Socket);
        var readable = new List<Socket>(count);
        var latencies = new List<double>(200_000);
        var refused = 0;
        var sent = 0;
        var underWay = 0;

        var own = Environment.CpuUsage.TotalTime;
        var theirs = Theirs();
        var start = Stopwatch.GetTimestamp();
        foreach (var connection in connections.Values)
        {
            SendNext(connection);
        }

        while (underWay > 0)
        {
            readable.Clear();
            foreach (var (socket, connection) in connections)
            {
                if (connection.IsWaiting)
                {
                    readable.Add(socket);
                }
            }

            Socket.Select(readable, null, null, PatienceMicroseconds);
            if (readable.Count == 0)
            {
                throw new TimeoutException("The program did not answer for ten seconds.");
            }

            foreach (var socket in readable)
            {
                var connection = connections[socket];
                if (connection.ReadAnswer() is { } status)
                {
                    underWay--;
                    latencies.Add(connection.Latency.TotalMilliseconds);
                    refused += status is >= 200 and < 300 ? 0 : 1;
                    SendNext(connection);
                }
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        var run = new LoadRun(latencies, elapsed, Environment.CpuUsage.TotalTime - own, Theirs() - theirs);
        foreach (var socket in connections.Keys)
        {
            socket.Dispose();
        }

        return refused == 0 ? run : throw new InvalidOperationException($"{refused} of {latencies.Count} requests were refused.");

        TimeSpan Theirs() => programs.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.ProcessorTime);

        void SendNext(Connection connection)
        {
            if (isMoreWanted(sent))
            {
                sent++;
                underWay++;
                connection.Send(next());
            }
        }
    }
}

/// <param name="Latencies">Milliseconds, in the order of the answers.</param>
/// <param name="Own">Processor time of this process, with the stand-in when it was asked.</param>
/// <param name="Theirs">Processor time of the program.</param>
internal sealed record LoadRun(IReadOnlyList<double> Latencies, TimeSpan Elapsed, TimeSpan Own, TimeSpan Theirs)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;

    public static LoadRun Sum(IEnumerable<LoadRun> parts) => parts.Aggregate((a, b) =>
        new LoadRun([.. a.Latencies, .. b.Latencies], a.Elapsed + b.Elapsed, a.Own + b.Own, a.Theirs + b.Theirs));

    /// <summary>Microseconds of the program's processor time for one request.</summary>
    public double CostMicroseconds => Theirs.TotalMicroseconds / Latencies.Count;

    /// <summary>This process's part in what both used.</summary>
    public double OwnShare => Own / (Own + Theirs);

    public double P99OverMedian
    {
        get
        {
            var sorted = Latencies.Order().ToArray();
            return sorted[(int)(sorted.Length * 0.99)] / Figures.Median(sorted);
        }
    }
}
