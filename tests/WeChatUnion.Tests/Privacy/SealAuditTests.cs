using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

public sealed class SealAuditOnSqlite(SqliteHouse house) : SealAuditTests(house), IClassFixture<SqliteHouse>;

public sealed class SealAuditOnMariaDb(MariaDbHouse house) : SealAuditTests(house), IClassFixture<MariaDbHouse>;

public abstract class SealAuditTests(TestHouse house)
{
    private string Today => house.Clock.Today().Stored();

    [Fact]
    public async Task Entries_are_sealed_when_they_are_five_seconds_old()
    {
        await house.AuditMustBeClean();
        var before = await Sealed();
        await house.WriteDeeds(3);
        house.Clock.Advance(TimeSpan.FromMilliseconds(4_999));
        await Node().RunAsync(CancellationToken.None);
        Assert.Equal(before, await Sealed());

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Node().RunAsync(CancellationToken.None);
        Assert.Equal(before + 3, await Sealed());
    }

    [Fact]
    public async Task Many_sealers_at_once_seal_every_entry_once()
    {
        await house.WriteDeeds(1_300);
        house.Clock.Advance(TimeSpan.FromSeconds(6));

        // Nodes whose leases overlap, again and again while new entries arrive.
        var nodes = Enumerable.Range(0, 8).Select(_ => Node()).ToList();
        for (var round = 0; round < 3; round++)
        {
            await house.WriteDeeds(20);
            house.Clock.Advance(TimeSpan.FromSeconds(6));
            await Task.WhenAll(nodes.Select(n => Task.Run(() => n.RunAsync(CancellationToken.None))));
        }

        await house.AuditMustBeClean();
        Assert.Equal(await house.Number("SELECT COUNT(*) FROM audit_entries"), await Sealed());
    }

    [Fact]
    public async Task An_entry_that_commits_late_joins_the_end_even_of_a_later_day()
    {
        await house.WriteDeeds(2);
        await house.Seal();
        var late = Ids.New();
        await house.WriteDeeds(2);
        var lateAt = house.Now();
        await house.Seal();
        await house.Services.GetRequiredService<SealAudit>().RunAsync(CancellationToken.None);

        await house.Database.TransactAsync(db => db.InsertAsync(Late(late, lateAt)), CancellationToken.None);
        await house.Seal();
        Assert.Equal(late, (await house.Seals(Today))[^1].EntryId);
        await house.AuditMustBeClean();

        // Later than the usual look back: the hourly wide look finds it, on the next day's chain.
        var veryLate = SealAudit.MarkBefore(late, TimeSpan.FromMinutes(30))[..31] + "1";
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.Database.TransactAsync(db => db.InsertAsync(Late(veryLate, lateAt)), CancellationToken.None);
        await house.Seal();
        Assert.Contains(await house.Seals(Today), s => s.EntryId == veryLate);
        await house.AuditMustBeClean();
    }

    [Fact]
    public async Task A_sealer_that_died_between_closing_a_day_and_writing_its_head_is_caught_up()
    {
        await house.WriteDeeds(2);
        await house.Seal();
        var day = Today;

        // Died after the closing, before the file.
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.Execute($"UPDATE audit_days SET closed_at = {house.Now()} WHERE day = '{day}'");
        Assert.Contains(await house.AuditFaults(), f => f.Contains("第二存放处没有", StringComparison.Ordinal));
        await house.Seal();
        Assert.True(File.Exists(house.HeadFile(day)));
        Assert.Empty(await house.AuditFaults());

        // Died after the file, before it was noted; and in the middle of writing it.
        await house.Execute($"UPDATE audit_days SET head_written_at = NULL WHERE day = '{day}'");
        await house.Seal();
        File.Move(house.HeadFile(day), house.HeadFile(day) + ".unfinished");
        await File.WriteAllTextAsync(house.HeadFile(day) + ".unfinished", "{\"for");
        await house.Execute($"UPDATE audit_days SET head_written_at = NULL WHERE day = '{day}'");
        await house.AuditMustBeClean();
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM audit_days WHERE closed_at IS NOT NULL AND head_written_at IS NULL"));
    }

    [Fact]
    public async Task A_head_that_says_something_else_is_never_overwritten()
    {
        await house.WriteDeeds(2);
        await house.Seal();
        var day = Today;
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.Seal();
        var text = await File.ReadAllTextAsync(house.HeadFile(day));
        var other = text.Replace("\"count\":", "\"count\":9", StringComparison.Ordinal);
        await File.WriteAllTextAsync(house.HeadFile(day), other);
        await house.Execute($"UPDATE audit_days SET head_written_at = NULL WHERE day = '{day}'");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Node().RunAsync(CancellationToken.None));
        Assert.Equal(other, await File.ReadAllTextAsync(house.HeadFile(day)));

        await File.WriteAllTextAsync(house.HeadFile(day), text);
        await house.AuditMustBeClean();
    }

    [Fact]
    public async Task A_clock_that_runs_back_neither_reopens_a_day_nor_stops_the_sealer()
    {
        await house.WriteDeeds(1);
        await house.Seal();
        await house.Execute($"UPDATE audit_days SET closed_at = {house.Now()} WHERE day = '{Today}'");
        await house.WriteDeeds(1);
        await house.Seal();
        Assert.Equal(1, await house.Services.GetRequiredService<AuditFaults>().WaitingAsync(CancellationToken.None));

        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.AuditMustBeClean();
    }

    [Fact]
    public async Task A_third_party_can_verify_the_export_by_its_description_alone()
    {
        await house.WriteDeeds(4);
        await house.Database.TransactAsync(
            db => Audit.WriteAsync(db, Operator.Here(), "rotate_keys", "field_key", "key-2", house.Now()), CancellationToken.None);
        await house.Seal();
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.WriteDeeds(2);
        await house.AuditMustBeClean();

        var file = Path.Combine(house.Folder, Ids.New() + ".jsonl");
        var (code, told) = await house.Command("export-audit", "2026-01-01", "2030-12-31", file);
        Assert.Equal(0, code);
        var lines = (await File.ReadAllLinesAsync(file)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(await Sealed(), lines.Count(l => l.GetProperty("kind").GetString() == "entry"));
        Assert.Contains($"已导出 {await Sealed()} 条", told, StringComparison.Ordinal);
        Verify(lines);
        AuditLog.MustBeTheOwnersAlone(file);

        Assert.Equal(1, (await house.Command("export-audit", "2026-01-01", "2030-12-31", file)).ExitCode);
        Assert.Equal(64, (await house.Command("export-audit", "2026-01-32", "2030-12-31", file + "2")).ExitCode);
        Assert.Equal(64, (await house.Command("export-audit")).ExitCode);
        Assert.Equal(1, await house.Number("SELECT COUNT(*) FROM audit_entries WHERE deed = 'export_audit' AND record_id = '2026-01-01..2030-12-31' AND operator LIKE '%@%'"));
        await house.AuditMustBeClean();
    }

    private static void Verify(List<JsonElement> lines)
    {
        string[] fields =
        [
            "day", "position", "sealedAt", "id", "at", "personId", "sessionId", "sessionKind", "address", "deed", "recordKind",
            "recordId", "subjectId", "role", "unionId", "operator",
        ];
        var hash = new string('0', 64);
        var head = hash;
        foreach (var line in lines)
        {
            if (line.GetProperty("kind").GetString() == "day")
            {
                Assert.Equal(head, hash);
                Assert.Equal(hash, line.GetProperty("previousHead").GetString());
                head = line.GetProperty("head").GetString()!;
                continue;
            }

            var text = hash + "7:audit-1," + string.Concat(fields.Select(f => line.GetProperty(f) is { ValueKind: not JsonValueKind.Null } value
                ? $"{Encoding.UTF8.GetByteCount(value.ToString())}:{value},"
                : "-,"));
            hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(hash, line.GetProperty("hash").GetString());
        }

        Assert.Equal(head, hash);
    }

    private static AuditRow Late(string id, long at) => new()
    {
        Id = id,
        At = at,
        PersonId = Ids.New(),
        Address = "",
        Deed = "read_application",
        RecordKind = "membership_application",
        RecordId = Ids.New(),
    };

    private SealAudit Node() => ActivatorUtilities.CreateInstance<SealAudit>(house.Services);

    private Task<long> Sealed() => house.Number("SELECT COUNT(*) FROM audit_seals");
}
