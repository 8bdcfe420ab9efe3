using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WeChatUnion.TestServers;

/// <summary>A Redis server of the tests' own.</summary>
public sealed class RedisServer : ServerProgram
{
    private static readonly Lazy<Task<RedisServer>> SharedServer = new(StartOwnAsync);

    private int houses;

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>A numbered database of its own: houses must not count each other's deeds.</summary>
    public string NewDatabase() => $"{Endpoint},defaultDatabase={Interlocked.Increment(ref houses)}";

    public static Task<RedisServer> SharedAsync() => SharedServer.Value;

    public static async Task<RedisServer> StartOwnAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    protected override ProcessStartInfo Describe() => new(
        Program("redis-server", "redis-server"),
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", "1000", "--dir", Folder]);

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
