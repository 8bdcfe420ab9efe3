using System.Runtime.CompilerServices;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Looks for what somebody did to the audit log behind the program's back: every chain is computed again from the
/// stored entries and held against the stored hashes, the days against each other and against the second place. Every
/// hash is computed from the stored one before it, so each damaged place is named, not only the first.
/// </summary>
internal sealed class AuditFaults(Database.Database database, AuditHeads heads, TimeProvider clock)
{
    private const int Page = 1000;

    /// <summary>Each fault in one Chinese sentence that says where.</summary>
    public async IAsyncEnumerable<string> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var days = await DaysAsync(cancellation);
        var before = AuditChain.Beginning;
        foreach (var day in days)
        {
            if (day.PreviousHead != before)
            {
                yield return $"{day.Day}:这一天的起点与前一天的链头不符,之前可能有整天的记录被删除或替换。";
            }

            await foreach (var fault in day.PurgedAt is null ? FaultsOfDayAsync(day, cancellation) : FaultsOfPurgedAsync(day, cancellation))
            {
                yield return $"{day.Day}:{fault}";
            }

            if (await SecondPlaceFaultAsync(day, cancellation) is { } other)
            {
                yield return $"{day.Day}:{other}";
            }

            before = day.Head;
        }

        foreach (var day in heads.Days().Except(days.Select(d => d.Day)))
        {
            yield return $"{day}:第二存放处有这一天的链头,数据库中却没有这一天。";
        }

        foreach (var id in await StraysAsync(cancellation))
        {
            yield return $"记录 {id}:不在任何一天的链中,编号却早于已封存的记录,可能是事后插入的。";
        }
    }

    /// <summary>Entries that wait for the sealer.</summary>
    public async Task<long> WaitingAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        return (await db.QueryToListAsync<long>(
            "SELECT COUNT(*) FROM audit_entries e LEFT JOIN audit_seals s ON s.entry_id = e.id WHERE s.entry_id IS NULL", cancellation))[0];
    }

    private async Task<List<AuditDayRow>> DaysAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<AuditDayRow>($"SELECT {AuditDayRow.Columns} FROM audit_days ORDER BY day", cancellation);
    }

    private async IAsyncEnumerable<string> FaultsOfDayAsync(AuditDayRow day, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (position, hash) = (0, day.PreviousHead);
        List<SealedEntry> page;
        do
        {
            page = await PageAsync(day.Day, position, cancellation);
            foreach (var seal in page.Where(s => s.Position <= day.EntryCount))
            {
                if (seal.Position != position + 1)
                {
                    yield return $"第 {position + 1} 至 {seal.Position - 1} 条的封存印记缺失。";
                }

                if (seal.Entry is not { } entry)
                {
                    yield return $"第 {seal.Position} 条记录(编号 {seal.EntryId})已被删除。";
                }
                else if (AuditChain.Next(hash, day.Day, seal.Position, seal.SealedAt, entry) != seal.Hash)
                {
                    yield return $"第 {seal.Position} 条记录(编号 {seal.EntryId})的内容、次序或印记被改动。";
                }

                (position, hash) = (seal.Position, seal.Hash);
            }
        }
        while (page.Count == Page && position < day.EntryCount);

        if (position != day.EntryCount)
        {
            yield return $"应有 {day.EntryCount} 条封存印记,最后一条却是第 {position} 条。";
        }
        else if (hash != day.Head)
        {
            yield return "链头与最后一条印记不符。";
        }

        if (await HasMoreAsync(day.Day, cancellation))
        {
            yield return "封存印记的条数与链头记载的不符。";
        }
    }

    private async Task<List<SealedEntry>> PageAsync(string day, int position, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await SealedEntry.ReadAsync(db, day, position, Page, cancellation);
    }

    /// <summary>Count and head are compared in one statement: the sealer may be at work on this day.</summary>
    private async Task<bool> HasMoreAsync(string day, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return (await db.QueryToListAsync<long>(
            "SELECT COUNT(*) FROM audit_days d WHERE d.day = @day AND d.entry_count <> (SELECT COUNT(*) FROM audit_seals s WHERE s.day = d.day)",
            new { day },
            cancellation))[0] > 0;
    }

    /// <summary>A purged day must be old enough, empty, and named by a purge that is itself in the chain.</summary>
    private async IAsyncEnumerable<string> FaultsOfPurgedAsync(AuditDayRow day, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Instants.Date(day.Day).AddDays(AuditSettings.LeastKeptDays) > clock.Today())
        {
            yield return $"标为已清理,却还不满 {AuditSettings.LeastKeptDays} 天。";
        }

        await using var db = database.Open();
        if ((await db.QueryToListAsync<string>("SELECT entry_id FROM audit_seals WHERE day = @Day LIMIT 1", new { day.Day }, cancellation)).Count > 0)
        {
            yield return "清理没有做完,请再次运行 purge-audit。";
        }

        var purges = await db.QueryToListAsync<string>(
            $"SELECT record_id FROM audit_entries WHERE deed = '{PurgeAudit.Deed}' AND record_kind = '{PurgeAudit.RecordKind}' AND record_id > @Day LIMIT 1",
            new { day.Day },
            cancellation);
        if (purges.Count == 0)
        {
            yield return "标为已清理,却没有相应的清理记录。";
        }
    }

    private async Task<string?> SecondPlaceFaultAsync(AuditDayRow day, CancellationToken cancellation)
    {
        if (day.ClosedAt is null)
        {
            return heads.Days().Contains(day.Day) ? "第二存放处已有链头,数据库中这一天却没有结束。" : null;
        }

        return await heads.ReadAsync(day.Day, cancellation) is not { } head
            ? "第二存放处没有这一天的链头,或文件无法读取。"
            : head != AuditHeads.Head.Of(day) ? "链头与第二存放处的不一致。" : null;
    }

    /// <summary>The sealer looks no further back than its wide look; what is older and unsealed was put in later.</summary>
    private async Task<List<string>> StraysAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var newest = await db.QueryToListAsync<string>("SELECT entry_id FROM audit_seals ORDER BY entry_id DESC LIMIT 1", cancellation);
        return newest.Count == 0
            ? []
            : await db.QueryToListAsync<string>(
                "SELECT e.id FROM audit_entries e LEFT JOIN audit_seals s ON s.entry_id = e.id WHERE e.id < @mark AND s.entry_id IS NULL ORDER BY e.id LIMIT 100",
                new { mark = SealAudit.MarkBefore(newest[0], SealAudit.WideLookBack) },
                cancellation);
    }
}

/// <summary>A seal with its entry, or without when the entry is gone.</summary>
internal sealed record SealedEntry(int Position, string EntryId, string Hash, long SealedAt, StoredEntry? Entry)
{
    /// <summary>The seals of a day that follow a position, in order.</summary>
    public static async Task<List<SealedEntry>> ReadAsync(Db db, string day, int after, int most, CancellationToken cancellation)
    {
        var seals = await db.QueryToListAsync<SealRow>(
            $"SELECT day, position, entry_id, hash, sealed_at FROM audit_seals WHERE day = @day AND position > @after ORDER BY position LIMIT {most}",
            new { day, after },
            cancellation);
        if (seals.Count == 0)
        {
            return [];
        }

        var entries = await db.QueryToListAsync<StoredEntry>(
            $"SELECT {StoredEntry.Columns} FROM audit_seals s JOIN audit_entries e ON e.id = s.entry_id WHERE s.day = @day AND s.position > @after AND s.position <= @last",
            new { day, after, last = seals[^1].Position },
            cancellation);
        var byId = entries.ToDictionary(e => e.Id);
        return [.. seals.Select(s => new SealedEntry(s.Position, s.EntryId, s.Hash, s.SealedAt, byId.GetValueOrDefault(s.EntryId)))];
    }
}
