using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

public sealed class PurgeAuditOnSqlite(SqliteHouse house) : PurgeAuditTests(house), IClassFixture<SqliteHouse>;

public sealed class PurgeAuditOnMariaDb(MariaDbHouse house) : PurgeAuditTests(house), IClassFixture<MariaDbHouse>;

public abstract class PurgeAuditTests(TestHouse house)
{
    [Fact]
    public async Task Nothing_younger_than_183_days_goes_and_what_goes_leaves_a_chain_that_verifies()
    {
        var first = house.Clock.Today();
        await house.WriteDeeds(600);
        await house.Seal();
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.WriteDeeds(2);
        await house.Seal();

        house.Clock.Advance(TimeSpan.FromDays(182));
        await house.Seal();
        Assert.Equal(1, (await house.Command("purge-audit", "--before", first.AddDays(1).Stored())).ExitCode);
        Assert.Equal(64, (await house.Command("purge-audit", "--before", "yesterday")).ExitCode);
        Assert.Equal(64, (await house.Command("purge-audit", first.Stored())).ExitCode);
        Assert.Equal(602, await house.Number("SELECT COUNT(*) FROM audit_entries"));

        // By itself it keeps three years.
        house.Clock.Advance(TimeSpan.FromDays(1));
        var (code, told) = await house.Command("purge-audit");
        Assert.Equal(0, code);
        Assert.Contains(" 0 条", told, StringComparison.Ordinal);

        (code, told) = await house.Command("purge-audit", "--before", first.AddDays(1).Stored());
        Assert.Equal(0, code);
        Assert.Contains(" 600 条", told, StringComparison.Ordinal);
        Assert.Equal(3, await house.Number("SELECT COUNT(*) FROM audit_entries"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'purge_audit' AND record_id = '{first.AddDays(1).Stored()}' AND operator IS NOT NULL"));
        await house.AuditMustBeClean();

        // Cut off in the middle: told by verifying, finished by the next run.
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.Execute($"UPDATE audit_days SET purged_at = 1 WHERE day = '{first.AddDays(1).Stored()}'");
        Assert.Contains(await house.AuditFaults(), f => f.EndsWith("清理没有做完,请再次运行 purge-audit。", StringComparison.Ordinal));
        Assert.Equal(0, (await house.Command("purge-audit", "--before", first.AddDays(2).Stored())).ExitCode);
        await house.AuditMustBeClean();
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM audit_seals WHERE day <= '{first.AddDays(1).Stored()}'"));

        // Three years later everything so far is old enough.
        house.Clock.Advance(TimeSpan.FromDays(1096));
        await house.AuditMustBeClean();
        Assert.Equal(0, (await house.Command("purge-audit")).ExitCode);
        await house.AuditMustBeClean();
    }
}
