using WeChatUnion.Api.Infrastructure.Telemetry;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>A parked delivery is our own fault (a template changed in the console, a page not published): somebody must look.</summary>
internal sealed class ParkedAlarm(ILogger<ParkedAlarm> logger)
{
    public Task RaiseAsync(IReadOnlyList<Outcome> parked, CancellationToken cancellation)
    {
        foreach (var some in parked.GroupBy(p => (p.Delivery.Kind, p.Delivery.Template, p.Answer.ErrorCode)))
        {
            Signals.MessagesParked(some.Key.Kind, some.Count());
            logger.LogError(
                "{Count} deliveries of {Kind} by template {Template} are parked, errcode {ErrorCode}: see /api/v1/office/parked-deliveries",
                some.Count(), some.Key.Kind, some.Key.Template, some.Key.ErrorCode);
        }

        return Task.CompletedTask;
    }
}
