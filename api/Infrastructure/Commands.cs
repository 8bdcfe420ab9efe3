using System.Data.Common;
using EvolveDb;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure;

/// <summary>
/// <c>migrate</c>: brings schema and reference data up to this program. Modules add theirs as <see cref="ICommand"/>.
/// Without a command the program serves; on SQLite, which has one node, it migrates first.
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
        catch (DatabaseHeldException)
        {
            await Console.Error.WriteLineAsync("数据库正在恢复:请等 restore 命令结束后再启动。");
            return DatabaseUnusable;
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
        switch (CommandOf(args))
        {
            case "migrate":
                await MigrateAsync();
                return 0;
            case null:
                if (app.Services.GetRequiredService<Database.Database>().IsSqlite)
                {
                    await KeepUpAsync();
                }

                return null;
            case var name when app.Services.GetServices<ICommand>().FirstOrDefault(c => c.Name == name) is { } command:
                return await ObeyAsync(command);
            case var unknown:
                var all = app.Services.GetServices<ICommand>().Select(c => c.Form).Prepend("migrate");
                await Console.Error.WriteLineAsync($"没有 {unknown} 这个命令。可用的命令:{string.Join(";", all)}。");
                return UnknownCommand;
        }

        // A command stands first; everything else is a setting, such as --urls with its value.
        static string? CommandOf(string[] args) =>
            args.Length == 0 || args[0].StartsWith('-') || args[0].Contains('=', StringComparison.Ordinal) ? null : args[0];

        async Task<int> ObeyAsync(ICommand command)
        {
            if (!command.NeedsSchema)
            {
                return await command.RunAsync(args[1..], Console.Out, CancellationToken.None);
            }

            if (app.Services.GetRequiredService<Database.Database>().IsSqlite)
            {
                await KeepUpAsync();
            }
            else if (await schema.UnfitAsync(CancellationToken.None) is { } unfit)
            {
                await Console.Error.WriteLineAsync(unfit);
                return DatabaseUnusable;
            }

            return await command.RunAsync(args[1..], Console.Out, CancellationToken.None);
        }

        // Most starts find everything as it should be; asking costs a tenth of looking through all migrations.
        async Task KeepUpAsync()
        {
            TakeHold();
            schema.WriteAhead();
            if (!await schema.IsUpToDateAsync(CancellationToken.None))
            {
                schema.Migrate();
            }

            await LoadReferenceAsync();
        }

        async Task MigrateAsync()
        {
            TakeHold();
            if (app.Services.GetRequiredService<Database.Database>().IsSqlite)
            {
                schema.WriteAhead();
            }

            schema.Migrate();
            await LoadReferenceAsync();
        }

        void TakeHold()
        {
            if (app.Services.GetRequiredService<Database.Database>().IsSqlite && !app.Services.GetRequiredService<DatabaseHold>().TryShare())
            {
                throw new DatabaseHeldException();
            }
        }

        Task LoadReferenceAsync() => app.Services.GetRequiredService<SeedLoader>().LoadAsync(
            "reference",
            async () =>
            {
                foreach (var data in app.Services.GetServices<IReferenceData>())
                {
                    await data.LoadAsync(CancellationToken.None);
                }
            },
            CancellationToken.None);
    }
}

internal sealed class DatabaseHeldException : Exception;

/// <summary>A deed of the operator, started as <c>WeChatUnion.Api NAME …</c> beside the serving program.</summary>
internal interface ICommand
{
    string Name { get; }

    /// <summary>Name and arguments as the operator types them.</summary>
    string Form { get; }

    /// <summary>Whether the schema must be this program's; on SQLite it is then migrated first.</summary>
    bool NeedsSchema => true;

    /// <param name="output">Sentences for the operator, in Chinese.</param>
    /// <returns>The exit code: 0 done, 1 refused or found wanting, 64 misused.</returns>
    Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation);
}

/// <summary>Reference data of a module, loaded after migrating; loading twice changes nothing.</summary>
internal interface IReferenceData
{
    Task LoadAsync(CancellationToken cancellation);
}
