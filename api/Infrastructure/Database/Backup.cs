using Microsoft.Data.Sqlite;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary><c>backup FILE</c>: a whole copy of the SQLite database of one moment, while the program serves.</summary>
internal sealed class Backup(Database database, Schema schema, DatabaseSettings settings, DataDirectory directory, TimeProvider clock) : ICommand
{
    public string Name => "backup";

    public string Form => "backup 文件";

    /// <summary>A backup is made before an upgrade, so it must not bring one.</summary>
    public bool NeedsSchema => false;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        if (arguments.Count != 1)
        {
            await output.WriteLineAsync($"用法:{Form}");
            return 64;
        }

        var path = Path.GetFullPath(arguments[0]);
        if (Refusal(path) is { } refusal)
        {
            await output.WriteLineAsync(refusal);
            return 1;
        }

        await NoteAsync(Path.GetFileName(path), cancellation);
        return await MakeAsync(path, output);
    }

    private string? Refusal(string path)
    {
        if (!database.IsSqlite)
        {
            return "backup 只用于 SQLite。MySQL、MariaDB 请用 mariadb-dump --single-transaction,步骤见 README 的备份一节。";
        }

        if (File.Exists(path))
        {
            return $"文件 {path} 已经存在,请换一个文件名。";
        }

        return File.Exists(directory.PathOf(settings.File)) ? null : $"数据目录里没有 {settings.File},没有可以备份的内容。";
    }

    /// <summary>Whoever carries all data away is noted, unless the database is older than this program's notes.</summary>
    private async Task NoteAsync(string name, CancellationToken cancellation)
    {
        if (await schema.UnfitAsync(cancellation) is null)
        {
            await database.TransactAsync(
                db => Audit.WriteAsync(db, Operator.Here(), "back_up", "backup", Recorded(name), clock.Milliseconds()), cancellation);
        }
    }

    /// <summary>File names may be anything; the log takes plain ones.</summary>
    private static string Recorded(string name) =>
        new([.. name.Where(letter => char.IsBetween(letter, '!', '~')).Take(32)]);

    private async Task<int> MakeAsync(string path, TextWriter output)
    {
        var part = path + ".part";
        try
        {
            SqliteCopies.Copy(directory.PathOf(settings.File), part);
            if (SqliteCopies.Examine(part) is not { } found)
            {
                await output.WriteLineAsync("备份没有通过完整性检查,没有保留:请检查数据库文件和磁盘。");
                return 1;
            }

            OwnersFile.Finish(part, path);
            await output.WriteLineAsync($"已备份到 {path}({new FileInfo(path).Length} 字节,结构第 {found.Newest} 版)。密钥不在备份里,请另行保管。");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            await output.WriteLineAsync($"备份没有完成:{error.Message}");
            return 1;
        }
        finally
        {
            File.Delete(part);
        }
    }
}
