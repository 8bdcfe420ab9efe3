using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Limits;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Proxy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Telemetry;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>All sections of the configuration, read once; <c>appsettings.sample.json</c> explains each key.</summary>
internal sealed class AllSettings
{
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Every section and the record it is read into.</summary>
    public required IReadOnlyDictionary<string, Type> Sections { get; init; }

    public required CacheSettings Cache { get; init; }

    public required ProxySettings Proxy { get; init; }

    public required LimitSettings Limits { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    /// <inheritdoc cref="TellFaults(IEnumerable{string})"/>
    public int TellFaults() => TellFaults(Faults);

    /// <summary>Prints the faults and gives the exit code for a wrong configuration.</summary>
    public static int TellFaults(IEnumerable<string> faults)
    {
        Console.Error.WriteLine("配置有误,程序没有启动:");
        foreach (var fault in faults)
        {
            Console.Error.WriteLine($"  - {fault}");
        }

        return 78;
    }
}

internal static class SettingsRegistration
{
    /// <param name="modules">Read the sections that modules own.</param>
    public static AllSettings AddSettings(this WebApplicationBuilder builder, params Action<SettingsReader>[] modules)
    {
        var reader = new SettingsReader(builder);
        var directory = reader.Read<DataDirectory>("Data", (s, production) => s.Faults(production));
        if (!builder.Environment.IsProduction())
        {
            reader.Try(directory.Make);
        }

        if (!builder.Environment.IsProduction() && reader.Faults.Count == 0)
        {
            GeneratedKeys.AddTo(builder.Configuration, directory);
        }

        reader.Read<DatabaseSettings>("Database", (s, production) => s.Faults(production));
        var cache = reader.Read<CacheSettings>("Redis", (s, production) => s.Faults(production));
        reader.Read<PrivacySettings>("Privacy", (s, production) => s.Faults(production));
        reader.Read<AuditSettings>("Audit", (s, production) => s.Faults(production));
        reader.Read<WeChatSettings>("WeChat", (s, production) => s.Faults(production));
        reader.Read<RateLimitSettings>("RateLimits", (s, production) => s.Faults(production));
        var proxy = reader.Read<ProxySettings>("Proxy", (s, production) => s.Faults(production));
        var limits = reader.Read<LimitSettings>("Limits", (s, production) => s.Faults(production));
        var telemetry = reader.Read<TelemetrySettings>("Telemetry", (s, production) => s.Faults(production));
        foreach (var module in modules)
        {
            module(reader);
        }

        if (reader.Faults.Count == 0)
        {
            reader.Try(directory.Make);
        }

        return new AllSettings
        {
            Faults = reader.Faults,
            Sections = reader.Sections,
            Cache = cache,
            Proxy = proxy,
            Limits = limits,
            Telemetry = telemetry,
        };
    }
}
