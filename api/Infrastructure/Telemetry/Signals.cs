using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WeChatUnion.Api.Infrastructure.Telemetry;

/// <summary>
/// What this program measures beyond the framework. Without a listener an instrument costs a comparison. Tags hold
/// words of our own only, never anything a person typed or is.
/// </summary>
internal static class Signals
{
    public const string Name = "WeChatUnion";

    /// <summary>Calls to WeChat: the client itself is not instrumented, its addresses carry secrets.</summary>
    public static readonly ActivitySource Source = new(Name);

    public static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> WeChatCalls =
        Meter.CreateHistogram<double>("wechat_union.wechat.call.duration", "s", "Calls to WeChat by route and outcome.");

    private static readonly Histogram<double> PeriodicRuns =
        Meter.CreateHistogram<double>("wechat_union.periodic.run.duration", "s", "Runs of periodic work by task and outcome.");

    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(10);

    private static readonly Histogram<double> MessageDelays =
        Meter.CreateHistogram<double>("wechat_union.messages.delay", "s", "From the commit of a notice to the answer of the channel it left by.");

    private static readonly Counter<long> MessagesInTime =
        Meter.CreateCounter<long>("wechat_union.messages.in_time", "{message}", "Messages that left within ten seconds of their commit, and those that left later.");

    private static readonly Counter<long> MessagesLeft =
        Meter.CreateCounter<long>("wechat_union.messages.left", "{message}", "Messages by channel and outcome.");

    private static readonly Counter<long> ParkedMessages =
        Meter.CreateCounter<long>("wechat_union.messages.parked", "{message}", "Messages that staff must look at, by kind.");

    private static readonly Counter<long> LostToRedis =
        Meter.CreateCounter<long>("wechat_union.redis.away", "{operation}", "Cache operations that went without Redis because it was away.");

    /// <param name="route">The path alone: the query carries secrets.</param>
    public static void WeChatCalled(string route, string outcome, long start) =>
        WeChatCalls.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new("call", route), new("outcome", outcome));

    public static void PeriodicRan(string task, bool isWell, long start) =>
        PeriodicRuns.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new("task", task), new("outcome", isWell ? "done" : "failed"));

    /// <param name="delay">From the commit of a notice (or the end of the quiet hours) to WeChat's answer; null for a repeat.</param>
    public static void MessageLeft(string channel, string outcome, TimeSpan? delay)
    {
        MessagesLeft.Add(1, new("call", channel), new("outcome", outcome));
        if (delay is { } measured)
        {
            MessageDelays.Record(measured.TotalSeconds, new KeyValuePair<string, object?>("call", channel));
            MessagesInTime.Add(1, new("call", channel), new("outcome", measured <= InTime ? "within_10s" : "later"));
        }
    }

    public static void MessagesParked(string kind, int count) => ParkedMessages.Add(count, new KeyValuePair<string, object?>("kind", kind));

    public static void RedisWasAway() => LostToRedis.Add(1);
}
