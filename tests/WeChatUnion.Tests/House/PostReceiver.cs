using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace WeChatUnion.Tests.House;

/// <summary>A server of the county's own that something is posted to; it keeps what it got and answers as it is told.</summary>
public sealed class PostReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Posted> got = new();
    private readonly ConcurrentQueue<int> answers = new();
    private WebApplication server = null!;

    public string Address => server.Urls.Single() + "/union";

    public IReadOnlyList<Posted> Got => [.. got];

    public static async Task<PostReceiver> StartAsync()
    {
        var receiver = new PostReceiver();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        receiver.server = builder.Build();
        receiver.server.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            receiver.got.Enqueue(new Posted(await reader.ReadToEndAsync(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            if (receiver.answers.TryDequeue(out var status))
            {
                if (status == 0)
                {
                    http.Abort();
                    return;
                }

                http.Response.StatusCode = status;
            }
        });
        await receiver.server.StartAsync();
        return receiver;
    }

    /// <summary>The next posts get these answers, 0 none at all; then 200.</summary>
    public void Answer(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            answers.Enqueue(status);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public sealed record Posted(string Body, IReadOnlyDictionary<string, string> Headers);
}
