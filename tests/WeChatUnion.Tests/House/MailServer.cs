using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WeChatUnion.Tests.House;

/// <summary>Just enough of SMTP (RFC 5321) to take mails from one program on this machine, or to refuse them.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<(string To, string Text)> mails = new();
    private readonly CancellationTokenSource end = new();

    private MailServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<(string To, string Text)> Mails => [.. mails];

    /// <summary>Answered to the next recipients instead of 250, e.g. <c>450 try later</c>.</summary>
    public ConcurrentQueue<string> RecipientAnswers { get; } = new();

    /// <summary>The next so many mails are taken and the connection breaks before that is said.</summary>
    public int LostAnswers { get; set; }

    public static MailServer Start() => new();

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(end.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 test");
        var to = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "RCPT")
            {
                to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                await writer.WriteLineAsync(RecipientAnswers.TryDequeue(out var answer) ? answer : "250 ok");
            }
            else if (verb == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                mails.Enqueue((to, await TextAsync(reader)));
                if (LostAnswers-- > 0)
                {
                    return;
                }

                await writer.WriteLineAsync("250 taken");
            }
            else if (verb == "QUIT")
            {
                await writer.WriteLineAsync("221 bye");
                return;
            }
            else
            {
                await writer.WriteLineAsync("250 ok");
            }
        }
    }

    private static async Task<string> TextAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }
}
