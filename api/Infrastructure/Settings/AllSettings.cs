using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>All sections of the configuration, read once; <c>appsettings.sample.json</c> explains each key.</summary>
internal sealed class AllSettings
{
    public required IReadOnlyList<string> Faults { get; init; }

    public required CacheSettings Cache { get; init; }

    /// <summary>Prints the faults and gives the exit code for a wrong configuration.</summary>
    public int TellFaults()
    {
        Console.Error.WriteLine("配置有误,程序没有启动:");
        foreach (var fault in Faults)
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
            GeneratedKeys.AddTo(builder.Configuration, directory);
        }

        reader.Read<DatabaseSettings>("Database", (s, production) => s.Faults(production));
        var cache = reader.Read<CacheSettings>("Redis", (s, production) => s.Faults(production));
        reader.Read<PrivacySettings>("Privacy", (s, production) => s.Faults(production));
        reader.Read<WeChatSettings>("WeChat", (s, production) => s.Faults(production));
        reader.Read<RateLimitSettings>("RateLimits", (s, production) => s.Faults(production));
        foreach (var module in modules)
        {
            module(reader);
        }

        if (reader.Faults.Count == 0)
        {
            Directory.CreateDirectory(directory.Directory);
        }

        return new AllSettings { Faults = reader.Faults, Cache = cache };
    }
}
