using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// <c>purge-audit [--before DATE]</c>: removes the entries of whole finished days before that date. Each day's row
/// with its head stays, so the chain remains verifiable. Without a date it keeps what <c>Audit:KeptDays</c> says; with
/// one it may keep less, but never less than 183 days. A run that was cut off is finished by the next.
/// </summary>
internal sealed class PurgeAudit(Database.Database database, AuditSettings settings, TimeProvider clock) : ICommand
{
    public const string Deed = "purge_audit";
    public const string RecordKind = "audit_days_before";

    public string Name => "purge-audit";

    public string Form => "purge-audit [--before 日期]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        var today = clock.Today();
        var before = today.AddDays(-settings.KeptDays);
        var isUsual = arguments.Count == 0;
        if (!isUsual && (arguments is not ["--before", var text] || !DateOnly.TryParseExact(text, "yyyy-MM-dd", out before)))
        {
            await output.WriteLineAsync($"用法:{Form}(日期写作 2026-01-31)");
            return 64;
        }

        if (before > today.AddDays(-AuditSettings.LeastKeptDays))
        {
            await output.WriteLineAsync($"审计日志至少保存 {AuditSettings.LeastKeptDays} 天,最晚只能清理 {today.AddDays(-AuditSettings.LeastKeptDays).Stored()} 之前的记录。");
            return 1;
        }

        var days = await DaysAsync(before.Stored(), cancellation);
        var count = 0;
        if (days.Count > 0)
        {
            await MarkAsync(days, before.Stored(), cancellation);
            foreach (var day in days)
            {
                count += await database.ForgetAsync((db, most) => RemoveSomeAsync(db, day.Day, most), cancellation);
            }
        }

        await output.WriteLineAsync($"已清理 {before.Stored()} 之前的 {count} 条审计记录,每日链头仍然保留。");
        return 0;
    }

    /// <summary>Only days whose head is safe in the second place; days of an earlier run that was cut off too.</summary>
    private async Task<List<AuditDayRow>> DaysAsync(string before, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<AuditDayRow>(
            $"SELECT {AuditDayRow.Columns} FROM audit_days d WHERE d.day < @before AND d.head_written_at IS NOT NULL "
            + "AND (d.purged_at IS NULL OR EXISTS (SELECT 1 FROM audit_seals s WHERE s.day = d.day)) ORDER BY d.day",
            new { before },
            cancellation);
    }

    /// <summary>The purge stands in the log before the first entry goes.</summary>
    private Task MarkAsync(List<AuditDayRow> days, string before, CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var now = clock.Milliseconds();
            await Audit.WriteAsync(db, Operator.Here(), Deed, RecordKind, before, now);
            foreach (var day in days)
            {
                await db.ExecuteAsync("UPDATE audit_days SET purged_at = @now WHERE day = @Day AND purged_at IS NULL", new { now, day.Day });
            }
        },
        cancellation);

    private static async Task<int> RemoveSomeAsync(Db db, string day, int most)
    {
        var ids = await db.QueryToListAsync<string>(
            $"SELECT entry_id FROM audit_seals WHERE day = @day ORDER BY position LIMIT {most}", new { day });
        foreach (var id in ids)
        {
            await db.ExecuteAsync("DELETE FROM unmaskings WHERE audit_entry_id = @id", new { id });
            await db.ExecuteAsync("DELETE FROM search_reasons WHERE audit_entry_id = @id", new { id });
            await db.ExecuteAsync("DELETE FROM audit_entries WHERE id = @id", new { id });
            await db.ExecuteAsync("DELETE FROM audit_seals WHERE entry_id = @id", new { id });
        }

        return ids.Count;
    }
}
