using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// <c>rotate-keys</c>: seals every sealed value with the current key and cipher, and moves every look-up index
/// (<see cref="LookupIndex"/>), while nodes serve. It goes round until a whole round finds nothing: a writer that had
/// read a row before it was moved may have put the old value back. A run that was cut off is finished by the next;
/// running it once more changes nothing.
/// </summary>
internal sealed class RotateKeys(
    Database.Database database, ColumnRotation rotation, KeyMoves moves, FieldCipher cipher, LookupIndex index, IndexKeyCheck check,
    IEnumerable<SealedColumn> sealedColumns, IEnumerable<IndexedColumn> indexedColumns, TimeProvider clock) : ICommand
{
    private const int Misused = 64;
    private const int MostRounds = 6;

    public string Name => "rotate-keys";

    public string Form => Name;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        if (arguments.Count > 0)
        {
            await output.WriteLineAsync($"用法:{Form}");
            return Misused;
        }

        if (await check.FaultAsync(cancellation) is { } fault)
        {
            await output.WriteLineAsync(fault);
            return 1;
        }

        var keys = cipher.CurrentForm.TrimEnd(':');
        await database.TransactAsync(
            db => Audit.WriteAsync(db, Operator.Here(), "rotate_keys", "field_key", keys, clock.Milliseconds()), cancellation);
        try
        {
            return await GoRoundAsync(output, cancellation);
        }
        catch (ColumnRotation.OvertakenException)
        {
            await output.WriteLineAsync("另一个 rotate-keys 正在运行,本次已停止。");
            return 1;
        }
    }

    private async Task<int> GoRoundAsync(TextWriter output, CancellationToken cancellation)
    {
        for (var round = 1; round <= MostRounds; round++)
        {
            var (changed, failed) = await RoundAsync(output, cancellation);
            if (changed > 0)
            {
                continue;
            }

            await output.WriteLineAsync(failed == 0
                ? "全部数据已使用当前密钥,没有遗留。" + NextStep()
                : $"有 {failed} 个值无法更换:密钥缺失或内容被改动。请保留旧密钥并检查配置。");
            return failed == 0 ? 0 : 1;
        }

        await output.WriteLineAsync("仍有程序在用旧密钥写入:请确认所有节点都已用新配置重启,再运行 rotate-keys。");
        return 1;
    }

    private string NextStep() => index.FormerMark is null
        ? "不再使用的字段密钥可以从配置中去掉。"
        : "请从所有节点的配置中去掉 Privacy:FormerIndexKey 并重启,然后再运行一次 rotate-keys。";

    private async Task<(int Changed, int Failed)> RoundAsync(TextWriter output, CancellationToken cancellation)
    {
        var (changed, failed) = (0, 0);
        foreach (var c in sealedColumns)
        {
            Add(c.Table, c.Column, await rotation.RunAsync(
                c.Table, c.Column, (c.Cipher ?? cipher).CurrentForm, (db, after) => moves.SealAgainAsync(db, c, after), cancellation));
        }

        foreach (var c in indexedColumns)
        {
            var column = index.FormerMark is null ? c.FormerColumn : c.Column;
            Add(c.Table, column, await rotation.RunAsync(
                c.Table,
                column,
                index.Mark,
                (db, after) => index.FormerMark is null ? moves.ForgetFormerAsync(db, c, after) : moves.IndexAgainAsync(db, c, after),
                cancellation));
        }

        return (changed, failed);

        void Add(string table, string column, (int Changed, int Failed) done)
        {
            (changed, failed) = (changed + done.Changed, failed + done.Failed);
            if (done != (0, 0))
            {
                output.WriteLine($"{table}.{column}:已更换 {done.Changed} 个" + (done.Failed > 0 ? $",{done.Failed} 个未能更换" : "") + "。");
            }
        }
    }
}

internal static class KeyRotationRegistration
{
    public static IServiceCollection AddKeyRotation(this IServiceCollection services) => services
        .AddSingleton<ColumnRotation>()
        .AddSingleton<KeyMoves>()
        .AddSingleton<IndexKeyCheck>()
        .AddSingleton<IStartCheck>(s => s.GetRequiredService<IndexKeyCheck>())
        .AddSingleton<IReferenceData, MarkOlderIndexes>()
        .AddSingleton<ICommand, RotateKeys>();
}
