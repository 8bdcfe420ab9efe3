using System.Security.Cryptography;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Outside Production, keys are made once and kept in the data directory so that a newcomer needs no settings.
/// </summary>
internal static class GeneratedKeys
{
    public static void AddTo(IConfigurationManager configuration, DataDirectory directory)
    {
        if (configuration["Privacy:IndexKey"] is { Length: > 0 })
        {
            return;
        }

        AddFile(
            configuration,
            directory,
            "keys.json",
            () => new
            {
                Privacy = new
                {
                    CurrentFieldKey = "local-1",
                    FieldKeys = new Dictionary<string, string> { ["local-1"] = NewKey() },
                    IndexKey = NewKey(),
                },
            });
    }

    /// <summary>The keys of a module, in a file of its own.</summary>
    /// <param name="key">Whose absence says that there are none.</param>
    /// <param name="content">The module's section, made with new keys.</param>
    public static void AddTo(IConfigurationManager configuration, DataDirectory directory, string section, string key, Func<Func<string>, object> content)
    {
        if (configuration[$"{section}:{key}"] is null)
        {
            AddFile(
                configuration,
                directory,
                $"keys-{section.ToLowerInvariant()}.json",
                () => new Dictionary<string, object> { [section] = content(NewKey) });
        }
    }

    private static void AddFile(IConfigurationManager configuration, DataDirectory directory, string name, Func<object> keys)
    {
        directory.Make();
        var file = Path.GetFullPath(directory.PathOf(name));
        if (!File.Exists(file))
        {
            using var stream = new FileStream(file, OwnerOnly());
            JsonSerializer.Serialize(stream, keys());
        }

        configuration.AddJsonFile(file, optional: false);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
