using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace WeChatUnion.Tests.House;

/// <summary>Takes what the program sends as OTLP over HTTP, byte for byte. Texts stand in protobuf as they are.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Bytes)> taken = new();
    private WebApplication server = null!;

    public string Address => server.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        collector.server = builder.Build();
        collector.server.Run(async http =>
        {
            using var bytes = new MemoryStream();
            await http.Request.Body.CopyToAsync(bytes);
            collector.taken.Enqueue((http.Request.Path, bytes.ToArray()));
        });
        await collector.server.StartAsync();
        return collector;
    }

    public byte[] Taken(string path) => [.. taken.Where(t => t.Path == path).SelectMany(t => t.Bytes)];

    public bool Names(string path, string text) => Taken(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
