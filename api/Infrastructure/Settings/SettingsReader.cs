namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>
/// Binds each settings record once at start, strictly: an unknown key or a value of the wrong kind is a fault, and
/// every fault is told in one sentence before the program gives up.
/// </summary>
internal sealed class SettingsReader(IHostApplicationBuilder builder)
{
    private readonly List<string> faults = [];

    public IReadOnlyList<string> Faults => faults;

    /// <summary>Reads <paramref name="section"/> into <typeparamref name="T"/> and registers it as a singleton.</summary>
    public T Read<T>(string section, Func<T, bool, IEnumerable<string>> check)
        where T : class, new()
    {
        var settings = new T();
        try
        {
            settings = builder.Configuration.GetSection(section).Get<T>(o => o.ErrorOnUnknownConfiguration = true) ?? settings;
            faults.AddRange(check(settings, builder.Environment.IsProduction()));
        }
        catch (InvalidOperationException error)
        {
            faults.Add($"配置节 {section} 无法读取:{error.Message}");
        }

        builder.Services.AddSingleton(settings);
        return settings;
    }
}
