using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WeChatUnion.Bench;

/// <summary>A kept-alive connection with at most one request under way.</summary>
internal sealed class Connection
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int filled;
    private long sentAt;

    public Connection(int port)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(IPAddress.Loopback, port);
    }

    public Socket Socket { get; }

    public bool IsWaiting { get; private set; }

    public TimeSpan Latency { get; private set; }

    public void Send(byte[] request)
    {
        sentAt = Stopwatch.GetTimestamp();
        IsWaiting = true;
        Socket.Send(request);
    }

    /// <summary>The status once the answer is whole, else null.</summary>
    public int? ReadAnswer()
    {
        var read = Socket.Receive(buffer.AsSpan(filled));
        if (read == 0)
        {
            throw new IOException("The program closed a connection that was to be kept.");
        }

        filled += read;
        if (!IsWhole(buffer.AsSpan(0, filled)))
        {
            return null;
        }

        Latency = Stopwatch.GetElapsedTime(sentAt);
        IsWaiting = false;
        filled = 0;
        return Utf8Parser.TryParse(buffer.AsSpan("HTTP/1.1 ".Length, 3), out int status, out _) ? status : 0;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var headEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return false;
        }

        var at = answer[..headEnd].IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
        {
            // Chunked; the bodies are JSON, in which no bare line break stands.
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        return Utf8Parser.TryParse(answer[(at + "\r\nContent-Length: ".Length)..], out int length, out _)
            && answer.Length >= headEnd + 4 + length;
    }
}
