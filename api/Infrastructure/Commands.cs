using System.Data.Common;
using EvolveDb;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure;

/// <summary>
/// <c>migrate</c>: brings schema and reference data up to this program. Without a command the program serves; on
/// SQLite, which has one node, it migrates first.
/// </summary>
internal static class Commands
{
    private const int UnknownCommand = 64;
    private const int DatabaseUnusable = 69;

    /// <summary>The exit code when a command ran, null when the program is to serve.</summary>
    public static async Task<int?> RunCommandAsync(this WebApplication app, string[] args)
    {
        try
        {
            return await RunAsync(app, args);
        }
        catch (Exception error) when (error is DbException or EvolveException)
        {
            await Console.Error.WriteLineAsync($"数据库无法使用或升级失败:{error.Message}");
            return DatabaseUnusable;
        }
    }

    private static async Task<int?> RunAsync(WebApplication app, string[] args)
    {
        var schema = app.Services.GetRequiredService<Schema>();
        var reference = app.Services.GetServices<IReferenceData>();
        switch (CommandOf(args))
        {
            case "migrate":
                await MigrateAsync();
                return 0;
            case null:
                if (app.Services.GetRequiredService<Database.Database>().IsSqlite)
                {
                    await MigrateAsync();
                }

                return null;
            case var unknown:
                await Console.Error.WriteLineAsync($"没有 {unknown} 这个命令。可用的命令:migrate。");
                return UnknownCommand;
        }

        // A command stands first; everything else is a setting, such as --urls with its value.
        static string? CommandOf(string[] args) =>
            args.Length == 0 || args[0].StartsWith('-') || args[0].Contains('=', StringComparison.Ordinal) ? null : args[0];

        async Task MigrateAsync()
        {
            schema.Migrate();
            foreach (var data in reference)
            {
                await data.LoadAsync(CancellationToken.None);
            }
        }
    }
}

/// <summary>Reference data of a module, loaded after migrating; loading twice changes nothing.</summary>
internal interface IReferenceData
{
    Task LoadAsync(CancellationToken cancellation);
}
