namespace WeChatUnion.Api.Infrastructure.Telemetry;

/// <summary>Section <c>Telemetry</c>: measurements for the operator's own tools. With nothing set nothing is measured.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Port of 127.0.0.1 where <c>/metrics</c> answers a Prometheus agent; 0 is none.</summary>
    public int PrometheusPort { get; init; }

    /// <summary>A collector that takes OTLP over HTTP, e.g. <c>http://127.0.0.1:4318</c>; empty is none.</summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>Which share of the requests is traced, 0 to 1; traces go to the collector only.</summary>
    public double TracedShare { get; init; } = 0.05;

    public bool HasPrometheus => PrometheusPort > 0;

    public bool HasCollector => OtlpEndpoint.Length > 0;

    public bool IsOn => HasPrometheus || HasCollector;

    public IEnumerable<string> Faults(bool production)
    {
        if (PrometheusPort is < 0 or > 65535)
        {
            yield return "Telemetry:PrometheusPort 应为 1 到 65535 的端口号,0 表示不开放。";
        }

        if (HasCollector && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return "Telemetry:OtlpEndpoint 应为完整的网址,例如 http://127.0.0.1:4318,留空表示不发送。";
        }

        if (!(TracedShare is >= 0 and <= 1))
        {
            yield return "Telemetry:TracedShare 应在 0 到 1 之间。";
        }
    }
}
