using System.Diagnostics;
using System.Net.Sockets;

namespace WeChatUnion.Bench;

/// <summary>Requests at fixed instants, whether or not earlier ones have been answered.</summary>
/// <param name="Count">How many in all.</param>
/// <param name="Connections">Phones have one each; so many are enough for what is under way at once.</param>
internal sealed record Arrivals(double PerSecond, int Count, int Connections, Func<byte[]> Next);

/// <param name="Latencies">Milliseconds from the scheduled instant to the whole answer.</param>
/// <param name="Refused">Answers that are no success.</param>
internal sealed record OpenRun(IReadOnlyList<double> Latencies, int Refused)
{
    public double P99 => Figures.Below(Latencies, 0.99);

    public double P95 => Figures.Below(Latencies, 0.95);
}

/// <summary>
/// One thread, plain sockets. A request whose connection is not free yet waits, and the wait counts: its latency runs
/// from the instant at which it was to be sent.
/// </summary>
internal static class OpenLoop
{
    /// <summary>
    /// How often answers are looked for. A loop that never rests would take one of two cores from the program it
    /// measures; latencies come out longer by up to this.
    /// </summary>
    private const int LookMilliseconds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static OpenRun[] Run(int port, params Arrivals[] all)
    {
        var streams = all.Select(a => new Stream(a, port)).ToArray();
        var start = Stopwatch.GetTimestamp();
        var readable = new List<Socket>();
        while (streams.Any(s => !s.IsOver))
        {
            Thread.Sleep(LookMilliseconds);
            readable.Clear();
            foreach (var stream in streams)
            {
                stream.SendDue(start);
                readable.AddRange(stream.Waiting);
            }

            if (readable.Count == 0)
            {
                continue;
            }

            Socket.Select(readable, null, null, 0);
            foreach (var socket in readable)
            {
                _ = streams.First(s => s.Read(socket, start) is not null);
            }

            if (Stopwatch.GetElapsedTime(start).TotalSeconds > all.Max(a => a.Count / a.PerSecond) + Patience.TotalSeconds)
            {
                throw new TimeoutException("The program did not catch up.");
            }
        }

        return [.. streams.Select(s => s.End())];
    }

    private sealed class Stream
    {
        private readonly Arrivals arrivals;
        private readonly Dictionary<Socket, Connection> connections;
        private readonly Queue<Connection> idle;
        private readonly Dictionary<Socket, double> dueAt = [];
        private readonly List<double> latencies = [];
        private int sent;
        private int refused;

        public Stream(Arrivals arrivals, int port)
        {
            this.arrivals = arrivals;
            connections = Enumerable.Range(0, arrivals.Connections).Select(_ => new Connection(port)).ToDictionary(c => c.Socket);
            idle = new Queue<Connection>(connections.Values);
        }

        public bool IsOver => latencies.Count == arrivals.Count;

        public IEnumerable<Socket> Waiting => dueAt.Keys;

        public void SendDue(long start)
        {
            var now = Stopwatch.GetElapsedTime(start).TotalSeconds;
            while (sent < arrivals.Count && sent / arrivals.PerSecond <= now && idle.TryDequeue(out var connection))
            {
                dueAt[connection.Socket] = sent++ / arrivals.PerSecond;
                connection.Send(arrivals.Next());
            }
        }

        /// <summary>Null when the socket is not of this stream.</summary>
        public bool? Read(Socket socket, long start)
        {
            if (!connections.TryGetValue(socket, out var connection))
            {
                return null;
            }

            if (connection.ReadAnswer() is not { } status)
            {
                return false;
            }

            latencies.Add((Stopwatch.GetElapsedTime(start).TotalSeconds - dueAt[socket]) * 1000);
            refused += status is >= 200 and < 300 ? 0 : 1;
            dueAt.Remove(socket);
            idle.Enqueue(connection);
            return true;
        }

        public OpenRun End()
        {
            foreach (var socket in connections.Keys)
            {
                socket.Dispose();
            }

            return new OpenRun(latencies, refused);
        }
    }
}
