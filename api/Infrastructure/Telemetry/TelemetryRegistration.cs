using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WeChatUnion.Api.Infrastructure.Telemetry;

/// <summary>Measurements to a Prometheus agent on this machine, measurements and traces to an OTLP collector; off, nothing is registered.</summary>
internal static class TelemetryRegistration
{
    /// <summary>Of ASP.NET Core, the runtime, the outgoing client (host and status only) and MySqlConnector.</summary>
    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Diagnostics", "System.Net.Http", "System.Runtime",
        NothingPersonal.Database, Signals.Name,
    ];

    /// <summary>Seconds; some libraries measure in seconds and leave the borders to whoever counts, who would count milliseconds.</summary>
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.IsOn)
        {
            Add(services, settings);
        }

        return services;
    }

    private static void Add(IServiceCollection services, TelemetrySettings settings)
    {
        var version = typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(r => r.Clear().AddService("wechat-union", serviceVersion: version));
        telemetry.WithMetrics(m => Measure(m, settings));
        if (settings.HasCollector)
        {
            telemetry.WithTracing(t => Trace(t, settings));
        }
    }

    private static void Measure(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(Meters).AddView(View);
        if (settings.HasPrometheus)
        {
            metrics.AddPrometheusHttpListener(o => (o.Host, o.Port) = ("127.0.0.1", settings.PrometheusPort));
        }

        if (settings.HasCollector)
        {
            metrics.AddOtlpExporter(o => Send(o, settings, "v1/metrics"));
        }
    }

    /// <summary>Every instrument, also one that comes with a new library, keeps allowed tags only.</summary>
    private static MetricStreamConfiguration View(Instrument instrument) =>
        instrument is Histogram<double> or Histogram<float> && instrument.Unit == "s"
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, TagKeys = NothingPersonal.AllowedTags }
            : new MetricStreamConfiguration { TagKeys = NothingPersonal.AllowedTags };

    private static void Trace(TracerProviderBuilder traces, TelemetrySettings settings) => traces
        .SetSampler(new TraceIdRatioBasedSampler(settings.TracedShare))
        .AddAspNetCoreInstrumentation()
        .AddSource(NothingPersonal.Database, Signals.Name)
        .AddProcessor(new NothingPersonal())
        .AddOtlpExporter(o => Send(o, settings, "v1/traces"));

    private static void Send(OtlpExporterOptions options, TelemetrySettings settings, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(new Uri(settings.OtlpEndpoint.TrimEnd('/') + "/"), path);
    }
}
