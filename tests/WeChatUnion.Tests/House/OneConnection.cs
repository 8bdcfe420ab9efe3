using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using LinqToDB.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WeChatUnion.Tests.House;

/// <summary>
/// Notices a request that opens a connection while it holds another: so many at once would take every connection of
/// the pool and then wait for one another.
/// </summary>
public sealed class OneConnection : ConnectionInterceptor, IStartupFilter
{
    private readonly AsyncLocal<Held?> current = new();
    private readonly ConcurrentDictionary<string, bool> greedy = new();

    /// <summary>Method and path of each request that held two.</summary>
    public IReadOnlyCollection<string> Greedy => [.. greedy.Keys];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext context, RequestDelegate rest) =>
        {
            current.Value = new Held($"{context.Request.Method} {context.Request.Path}");
            await rest(context);
        });
        next(app);
    };

    public override Task ConnectionOpeningAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        if (current.Value is { Count: > 0 } held)
        {
            greedy.TryAdd(held.Request, true);
        }

        return Task.CompletedTask;
    }

    // The few that a node keeps for good on SQLite are opened without awaiting and are nobody's.
    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        if (current.Value is { } held)
        {
            held.Count++;
            connection.StateChange += (_, change) => held.Count -= change.CurrentState == ConnectionState.Closed ? 1 : 0;
        }

        return Task.CompletedTask;
    }

    private sealed class Held(string request)
    {
        public string Request { get; } = request;

        public int Count { get; set; }
    }
}
