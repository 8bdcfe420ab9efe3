using System.Globalization;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Chains audit entries that are a few seconds old. An entry joins the chain of the day on which it is sealed, so one
/// that commits late joins the end and disturbs nothing. Hashes are computed before the transaction, which only moves
/// the day's head on, guarded, and adds the seals: of two sealers that overlap, one finds the head moved and stops.
/// </summary>
internal sealed class SealAudit(Database.Database database, AuditHeads heads, TimeProvider clock) : IPeriodicTask
{
    private const int Batch = 500;

    /// <summary>How far before the newest sealed entry a late one is looked for once an hour.</summary>
    public static readonly TimeSpan WideLookBack = TimeSpan.FromHours(48);

    /// <summary>
    /// Likewise at every run, which reads all entries of this span again: thousands a second in a rush. With the age of
    /// what is sealed it covers whoever commits within 15 s.
    /// </summary>
    private static readonly TimeSpan UsualLookBack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WideEvery = TimeSpan.FromHours(1);

    private long nextWideLook;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await SealAsync(cancellation);
        }
        catch (Exception error) when (error is OvertakenException || DatabaseErrors.IsDuplicate(error))
        {
            // Another sealer is at work; the next run goes on from where it got to.
        }
    }

    /// <summary>The lowest id an entry may have that is still looked for; entries below it are never sealed.</summary>
    public static string MarkBefore(string newestSealedId, TimeSpan lookBack)
    {
        if (!Ids.IsId(newestSealedId))
        {
            // Somebody tampered with it: look at everything, verifying tells the rest.
            return "";
        }

        var made = long.Parse(newestSealedId.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Math.Max(0, made - (long)lookBack.TotalMilliseconds).ToString("x12", CultureInfo.InvariantCulture) + new string('0', 20);
    }

    private async Task SealAsync(CancellationToken cancellation)
    {
        await WriteHeadsAsync(cancellation);
        var today = clock.Today().Stored();
        var newest = await NewestDayAsync(cancellation);
        if (newest is { ClosedAt: null } && string.CompareOrdinal(newest.Day, today) < 0)
        {
            await CloseAsync(newest, cancellation);
            await WriteHeadsAsync(cancellation);
        }
        else if (newest is { ClosedAt: not null } && string.CompareOrdinal(newest.Day, today) >= 0)
        {
            // A node whose clock is ahead has closed this day already: wait for the next.
            return;
        }

        // A clock that went back does not reopen an earlier day.
        var day = newest is { ClosedAt: null } && string.CompareOrdinal(newest.Day, today) >= 0
            ? newest
            : new AuditDayRow { Day = today, PreviousHead = newest?.Head ?? AuditChain.Beginning, EntryCount = 0, Head = newest?.Head ?? AuditChain.Beginning };
        await ChainAsync(day, isNew: day != newest, cancellation);
    }

    private async Task ChainAsync(AuditDayRow day, bool isNew, CancellationToken cancellation)
    {
        var isWide = clock.Milliseconds() >= nextWideLook;
        var mark = await MarkAsync(isWide ? WideLookBack : UsualLookBack, cancellation);
        List<StoredEntry> entries;
        do
        {
            entries = await UnsealedAsync(mark, cancellation);
            if (entries.Count > 0)
            {
                day = await SealAsync(day, isNew, entries, cancellation);
                isNew = false;
                mark = entries[^1].Id;
            }
        }
        while (entries.Count == Batch);

        if (isWide)
        {
            nextWideLook = clock.Milliseconds() + (long)WideEvery.TotalMilliseconds;
        }
    }

    private async Task<AuditDayRow> SealAsync(AuditDayRow day, bool isNew, List<StoredEntry> entries, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var seals = new List<SealRow>(entries.Count);
        var head = day.Head;
        foreach (var entry in entries)
        {
            var position = day.EntryCount + seals.Count + 1;
            head = AuditChain.Next(head, day.Day, position, now, entry);
            seals.Add(new SealRow { Day = day.Day, Position = position, EntryId = entry.Id, Hash = head, SealedAt = now });
        }

        var longer = day with { EntryCount = day.EntryCount + seals.Count, Head = head };
        await database.TransactAsync(
            async db =>
            {
                if (isNew)
                {
                    await db.ExecuteAsync(
                        "INSERT INTO audit_days (day, previous_head, entry_count, head) VALUES (@Day, @PreviousHead, @EntryCount, @Head)",
                        new { day.Day, day.PreviousHead, day.EntryCount, day.Head });
                }

                await MoveHeadAsync(db, day, longer);
                await db.InsertManyAsync(seals);
            },
            cancellation);
        return longer;
    }

    private static async Task MoveHeadAsync(Db db, AuditDayRow from, AuditDayRow to)
    {
        var moved = await db.ExecuteAsync(
            "UPDATE audit_days SET entry_count = @EntryCount, head = @Head "
            + "WHERE day = @Day AND entry_count = @oldCount AND head = @oldHead AND closed_at IS NULL",
            new { to.EntryCount, to.Head, from.Day, oldCount = from.EntryCount, oldHead = from.Head });
        if (moved == 0)
        {
            throw new OvertakenException();
        }
    }

    /// <summary>First the closing is decided in the database, then the file follows: a crash in between is caught up.</summary>
    private async Task CloseAsync(AuditDayRow day, CancellationToken cancellation)
    {
        var closed = await database.TransactAsync(
            db => db.ExecuteAsync(
                "UPDATE audit_days SET closed_at = @now WHERE day = @Day AND entry_count = @EntryCount AND head = @Head AND closed_at IS NULL",
                new { now = clock.Milliseconds(), day.Day, day.EntryCount, day.Head }),
            cancellation);
        if (closed == 0)
        {
            throw new OvertakenException();
        }
    }

    private async Task WriteHeadsAsync(CancellationToken cancellation)
    {
        List<AuditDayRow> days;
        await using (var db = database.Open())
        {
            days = await db.QueryToListAsync<AuditDayRow>(
                $"SELECT {AuditDayRow.Columns} FROM audit_days WHERE closed_at IS NOT NULL AND head_written_at IS NULL ORDER BY day", cancellation);
        }

        foreach (var day in days)
        {
            await heads.WriteAsync(day, cancellation);
            await database.TransactAsync(
                db => db.ExecuteAsync(
                    "UPDATE audit_days SET head_written_at = @now WHERE day = @Day", new { now = clock.Milliseconds(), day.Day }),
                cancellation);
        }
    }

    private async Task<AuditDayRow?> NewestDayAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.FirstAsync<AuditDayRow>(
            $"SELECT {AuditDayRow.Columns} FROM audit_days ORDER BY day DESC LIMIT 1", new { }, cancellation);
    }

    private async Task<string> MarkAsync(TimeSpan lookBack, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var newest = await db.QueryToListAsync<string>("SELECT entry_id FROM audit_seals ORDER BY entry_id DESC LIMIT 1", cancellation);
        return newest.Count == 0 ? "" : MarkBefore(newest[0], lookBack);
    }

    private async Task<List<StoredEntry>> UnsealedAsync(string mark, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<StoredEntry>(
            $"SELECT {StoredEntry.Columns} FROM audit_entries e LEFT JOIN audit_seals s ON s.entry_id = e.id "
            + $"WHERE e.id > @mark AND e.at <= @until AND s.entry_id IS NULL ORDER BY e.id LIMIT {Batch}",
            new { mark, until = clock.Milliseconds() - (long)Age.TotalMilliseconds },
            cancellation);
    }

    private sealed class OvertakenException : Exception;
}
