using System.Globalization;
using Microsoft.Data.Sqlite;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// <c>restore FILE [--replace]</c>: puts a backup in the place of the SQLite database. Nobody may use it meanwhile; what
/// was there is kept beside it under another name.
/// </summary>
internal sealed class Restore(Database database, Schema schema, DatabaseHold hold, DatabaseSettings settings, DataDirectory directory, TimeProvider clock)
    : ICommand
{
    private static readonly string[] Endings = ["", "-wal", "-shm"];

    public string Name => "restore";

    public string Form => "restore 文件 [--replace]";

    public bool NeedsSchema => false;

    private string Target => directory.PathOf(settings.File);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        var isReplacing = arguments.Contains("--replace");
        var files = arguments.Where(a => a != "--replace").ToList();
        if (files.Count != 1)
        {
            await output.WriteLineAsync($"用法:{Form}");
            return 64;
        }

        if (Refusal(files[0], isReplacing) is { } refusal)
        {
            await output.WriteLineAsync(refusal);
            return 1;
        }

        try
        {
            var kept = Put(files[0]);
            await NoteAsync(cancellation);
            await output.WriteLineAsync($"已恢复到 {Target}。" + (kept is null ? "" : $"原来的数据库保留为 {kept},确认无误后请删除。"));
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            await output.WriteLineAsync($"恢复没有完成:{error.Message}");
            return 1;
        }
    }

    private string? Refusal(string file, bool isReplacing)
    {
        if (!database.IsSqlite)
        {
            return "restore 只用于 SQLite。MySQL、MariaDB 的恢复步骤见 README 的备份一节。";
        }

        if (!File.Exists(file) || SqliteCopies.Examine(file) is not { } found)
        {
            return $"文件 {file} 不存在、不完整,或不是本程序的备份。";
        }

        if (found.Newest > Schema.Newest)
        {
            return $"备份的结构为第 {found.Newest} 版,本程序只到第 {Schema.Newest} 版:请用写下备份的程序或更新的程序恢复。";
        }

        if (!hold.TryHoldAlone())
        {
            return "程序正在使用这个数据库:请先停止程序,再恢复。";
        }

        return File.Exists(Target) && !isReplacing ? $"{Target} 已经存在:确实要换成备份,请加 --replace。" : null;
    }

    /// <summary>The copy is whole and on the disk before the old database leaves its place.</summary>
    /// <returns>Where the old one lies now, if there was one.</returns>
    private string? Put(string file)
    {
        var coming = Target + ".coming";
        File.Delete(coming);
        SqliteCopies.Copy(file, coming);
        var wasThere = File.Exists(Target);
        var kept = $"{Target}.replaced-{Instants.At(clock.Milliseconds()).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        foreach (var ending in Endings.Where(e => File.Exists(Target + e)))
        {
            File.Move(Target + ending, kept + ending, overwrite: false);
        }

        OwnersFile.Finish(coming, Target);
        return wasThere ? kept : null;
    }

    private async Task NoteAsync(CancellationToken cancellation)
    {
        if (await schema.UnfitAsync(cancellation) is null)
        {
            await database.TransactAsync(
                db => Audit.WriteAsync(db, Operator.Here(), "restore", "backup", "restore", clock.Milliseconds()), cancellation);
        }
    }
}
