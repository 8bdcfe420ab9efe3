using System.Diagnostics;
using OpenTelemetry;

namespace WeChatUnion.Api.Infrastructure.Telemetry;

/// <summary>
/// Lets only words of our own out of a span: named tags pass, everything else goes (paths and queries, host and agent
/// as the caller wrote them, statements, messages of exceptions, which may quote a value).
/// </summary>
internal sealed class NothingPersonal : BaseProcessor<Activity>
{
    public const string Database = "MySqlConnector";

    /// <summary>Tags of spans and measurements. A new one is added here on purpose or goes nowhere.</summary>
    public static readonly string[] AllowedTags =
    [
        "http.request.method", "http.route", "http.response.status_code", "url.scheme", "network.protocol.version", "network.protocol.name",
        "network.type", "network.transport", "error.type", "tls.protocol.version", "kestrel.connection.outcome",
        "db.system", "db.system.name", "state", "pool.name", "status",
        "gc.heap.generation", "dotnet.gc.heap.generation", "cpu.mode", "http.connection.state",
        "call", "outcome", "task", "kind",
    ];

    private static readonly HashSet<string> Allowed = [.. AllowedTags];

    public override void OnEnd(Activity data)
    {
        // The caller's own words, passed on from her headers.
        data.TraceStateString = null;
        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Allowed.Contains(name))
            {
                data.SetTag(name, null);
            }
        }

        data.SetStatus(data.Status, null);
        if (data.Source.Name == Database || data.Events.Any() || data.Links.Any())
        {
            // Neither events nor links can be taken from a span, and the database's client adds the message of an
            // exception after the end; so the span stays here and one like it goes in its place.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            Stand(data);
        }
    }

    private static void Stand(Activity data)
    {
        var parent = new ActivityContext(data.TraceId, data.ParentSpanId, ActivityTraceFlags.Recorded);
        using var other = Signals.Source.StartActivity(data.DisplayName, data.Kind, parent, data.TagObjects, startTime: data.StartTimeUtc);
        other?.SetStatus(data.Status);
        other?.SetEndTime(data.StartTimeUtc + data.Duration);
    }
}
