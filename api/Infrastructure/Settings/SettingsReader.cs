using System.Reflection;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>
/// Binds each settings record once at start, strictly: an unknown key or a value of the wrong kind is a fault, and
/// every fault is told in one sentence before the program gives up.
/// </summary>
internal sealed class SettingsReader(IHostApplicationBuilder builder)
{
    private const BindingFlags Settable = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private readonly List<string> faults = [];
    private readonly Dictionary<string, Type> sections = [];

    public IReadOnlyList<string> Faults => faults;

    /// <summary>Every section read so far and the record it was read into.</summary>
    public IReadOnlyDictionary<string, Type> Sections => sections;

    /// <summary>Reads <paramref name="section"/> into <typeparamref name="T"/> and registers it as a singleton.</summary>
    public T Read<T>(string section, Func<T, bool, IEnumerable<string>> check)
        where T : class, new()
    {
        sections.Add(section, typeof(T));
        var settings = new T();
        var configured = builder.Configuration.GetSection(section);
        var wrong = configured.GetChildren().Select(child => FaultOf(child, typeof(T))).OfType<string>().ToList();
        if (wrong.Count == 0)
        {
            settings = configured.Get<T>() ?? settings;
            wrong.AddRange(check(settings, builder.Environment.IsProduction()));
        }

        faults.AddRange(wrong);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    /// <summary>A key of 32 bytes that a module needs: outside Production it is made once as well.</summary>
    public void MakeKey(string section, string key) =>
        MakeKeys(section, key, newKey => new Dictionary<string, string> { [key] = newKey() });

    /// <summary>Likewise several, with what must stand beside them.</summary>
    public void MakeKeys(string section, string key, Func<Func<string>, object> content)
    {
        if (!builder.Environment.IsProduction() && faults.Count == 0)
        {
            var directory = builder.Configuration.GetSection("Data").Get<DataDirectory>() ?? new DataDirectory();
            GeneratedKeys.AddTo(builder.Configuration, directory, section, key, content);
        }
    }

    /// <summary>For what two sections have to agree on.</summary>
    public bool IsSet(string key) => builder.Configuration[key] is { Length: > 0 };

    /// <summary>Does something that a wrong setting may prevent; it answers the fault, if there is one.</summary>
    public void Try(Func<string?> attempt)
    {
        if (attempt() is { } fault)
        {
            faults.Add(fault);
        }
    }

    /// <summary>The value itself is never repeated: it may be a secret in the wrong place.</summary>
    private static string? FaultOf(IConfigurationSection child, Type record)
    {
        if (record.GetProperty(child.Key, Settable) is not { CanWrite: true } property)
        {
            return $"{child.Path} 不是本程序的配置项:请对照 appsettings.sample.json 检查拼写。";
        }

        try
        {
            child.Get(property.PropertyType);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{child.Path} 的值类型不对:请对照 appsettings.sample.json 填写。";
        }
    }
}
