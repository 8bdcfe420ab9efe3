using System.Globalization;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

public sealed class VerifyAuditOnSqlite(SqliteHouse house) : VerifyAuditTests(house), IClassFixture<SqliteHouse>;

public sealed class VerifyAuditOnMariaDb(MariaDbHouse house) : VerifyAuditTests(house), IClassFixture<MariaDbHouse>;

/// <summary>
/// Controls: three sealed days and an open one, then somebody changes one thing behind the program's back; each must
/// be found, and putting it back must be clean again.
/// </summary>
public abstract class VerifyAuditTests(TestHouse house) : IAsyncLifetime
{
    private const string Nobody = "00000000000000000000000000000000";

    private static readonly string[] Days = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];

    public async ValueTask InitializeAsync()
    {
        if (await house.Number("SELECT COUNT(*) FROM audit_days") > 0)
        {
            return;
        }

        house.Clock.AdjustTime(TestHouse.Start);
        for (var i = 0; i < Days.Length; i++)
        {
            await house.WriteDeeds(5);
            await house.Database.TransactAsync(
                db => Audit.WriteAsync(db, Operator.Here(), "rotate_keys", "field_key", "key-2", house.Now()), CancellationToken.None);
            await house.Seal();
            if (i < Days.Length - 1)
            {
                house.Clock.Advance(TimeSpan.FromDays(1));
            }
        }

        await house.KeepCopy();
        Assert.Empty(await house.AuditFaults());
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("id")]
    [InlineData("at")]
    [InlineData("person_id")]
    [InlineData("session_id")]
    [InlineData("session_kind")]
    [InlineData("address")]
    [InlineData("deed")]
    [InlineData("record_kind")]
    [InlineData("record_id")]
    [InlineData("subject_id")]
    [InlineData("role")]
    [InlineData("union_id")]
    [InlineData("operator")]
    public async Task One_byte_changed_in_any_column_of_an_entry_is_found(string column)
    {
        foreach (var day in new[] { Days[1], Days[3] })
        {
            var position = column == "operator" ? 6 : 3;
            var id = (await house.Seals(day))[position - 1].EntryId;
            await Found($"UPDATE audit_entries SET {column} = {Changed(column)} WHERE id = '{id}'", $"{day}:第 {position} 条");
        }
    }

    [Theory]
    [InlineData("entry_id")]
    [InlineData("hash")]
    [InlineData("sealed_at")]
    [InlineData("position")]
    public async Task One_byte_changed_in_any_column_of_a_seal_is_found(string column)
    {
        foreach (var day in new[] { Days[1], Days[3] })
        {
            await Found($"UPDATE audit_seals SET {column} = {Changed(column)} WHERE day = '{day}' AND position = 6", $"{day}:");
        }
    }

    [Theory]
    [InlineData("previous_head")]
    [InlineData("head")]
    [InlineData("entry_count")]
    [InlineData("closed_at")]
    public async Task One_byte_changed_in_any_column_of_a_day_is_found(string column) =>
        await Found($"UPDATE audit_days SET {column} = {Changed(column)} WHERE day = '{Days[1]}'", $"{Days[1]}:");

    [Fact]
    public async Task A_seal_moved_to_another_day_is_found() =>
        await Found($"UPDATE audit_seals SET day = '{Days[2]}', position = 7 WHERE day = '{Days[1]}' AND position = 6", $"{Days[1]}:");

    [Fact]
    public async Task A_deleted_entry_is_found_with_its_place()
    {
        var id = (await house.Seals(Days[0]))[1].EntryId;
        await Found($"DELETE FROM audit_entries WHERE id = '{id}'", $"{Days[0]}:第 2 条记录(编号 {id})已被删除。");
    }

    [Fact]
    public async Task A_deleted_seal_is_found_with_its_place()
    {
        await Found($"DELETE FROM audit_seals WHERE day = '{Days[0]}' AND position = 2", $"{Days[0]}:第 2 至 2 条");
        await Found($"DELETE FROM audit_seals WHERE day = '{Days[3]}' AND position = 6", $"{Days[3]}:应有 6 条");
    }

    [Fact]
    public async Task Two_entries_that_changed_places_are_found()
    {
        var seals = await house.Seals(Days[1]);
        await Found(
            [
                $"UPDATE audit_seals SET entry_id = '{Nobody}' WHERE day = '{Days[1]}' AND position = 2",
                $"UPDATE audit_seals SET entry_id = '{seals[1].EntryId}' WHERE day = '{Days[1]}' AND position = 3",
                $"UPDATE audit_seals SET entry_id = '{seals[2].EntryId}' WHERE day = '{Days[1]}' AND position = 2",
            ],
            $"{Days[1]}:第 2 条");
    }

    [Fact]
    public async Task The_last_entry_of_a_day_taken_out_with_its_seal_and_count_is_found()
    {
        var seals = await house.Seals(Days[1]);
        await Found(
            [
                $"DELETE FROM audit_entries WHERE id = '{seals[5].EntryId}'",
                $"DELETE FROM audit_seals WHERE day = '{Days[1]}' AND position = 6",
            ],
            $"{Days[1]}:应有 6 条");

        // Somebody who mends the day's row as well is found by the next day and by the second place.
        await Found(
            [
                $"DELETE FROM audit_entries WHERE id = '{seals[5].EntryId}'",
                $"DELETE FROM audit_seals WHERE day = '{Days[1]}' AND position = 6",
                $"UPDATE audit_days SET entry_count = 5, head = '{seals[4].Hash}' WHERE day = '{Days[1]}'",
            ],
            $"{Days[2]}:这一天的起点与前一天的链头不符",
            $"{Days[1]}:链头与第二存放处的不一致");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_day_taken_out_whole_is_found(int day) => await Found(
        [
            $"DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE day = '{Days[day]}')",
            $"DELETE FROM audit_seals WHERE day = '{Days[day]}'",
            $"DELETE FROM audit_days WHERE day = '{Days[day]}'",
        ],
        $"{Days[day + 1]}:这一天的起点与前一天的链头不符",
        $"{Days[day]}:第二存放处有这一天的链头,数据库中却没有这一天");

    [Fact]
    public async Task An_entry_put_in_between_is_found()
    {
        await Found(
            $"INSERT INTO audit_seals (day, position, entry_id, hash, sealed_at) SELECT day, 7, '{Nobody}', hash, sealed_at FROM audit_seals WHERE day = '{Days[1]}' AND position = 6",
            $"{Days[1]}:封存印记的条数");
        await Found(
            $"INSERT INTO audit_entries (id, at, person_id, address, deed, record_kind, record_id) VALUES ('{Nobody}', 1, '{Nobody}', '', 'd', 'k', 'r')",
            $"记录 {Nobody}:不在任何一天的链中");
    }

    [Fact]
    public async Task A_day_called_purged_that_is_young_or_was_never_purged_is_found() =>
        await Found(
            $"UPDATE audit_days SET purged_at = 1 WHERE day = '{Days[1]}'",
            $"{Days[1]}:标为已清理,却还不满 183 天。",
            $"{Days[1]}:清理没有做完,请再次运行 purge-audit。",
            $"{Days[1]}:标为已清理,却没有相应的清理记录。");

    [Fact]
    public async Task A_head_file_that_is_altered_or_gone_is_found()
    {
        var file = house.HeadFile(Days[1]);
        var text = await File.ReadAllTextAsync(file);
        foreach (var altered in new[] { text.Replace("\"count\":6", "\"count\":7", StringComparison.Ordinal), text[..^3], "" })
        {
            Assert.NotEqual(text, altered);
            await File.WriteAllTextAsync(file, altered);
            Assert.Contains(await house.AuditFaults(), f => f.StartsWith($"{Days[1]}:", StringComparison.Ordinal));
        }

        File.Delete(file);
        var (code, told) = await house.Command("verify-audit");
        Assert.Equal(1, code);
        Assert.Contains($"{Days[1]}:第二存放处没有这一天的链头", told, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, text);
        (code, told) = await house.Command("verify-audit");
        Assert.Equal(0, code);
        Assert.Contains("审计日志完整", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Head_files_are_the_owners_alone()
    {
        AuditLog.MustBeTheOwnersAlone(house.HeadFile(Days[0]));
        Assert.Equal(Days[..3], Directory.GetFiles(Path.GetDirectoryName(house.HeadFile(Days[0]))!).Select(f => Path.GetFileNameWithoutExtension(f)).Order());
    }

    private static string Changed(string column) => column switch
    {
        "at" or "sealed_at" or "closed_at" or "entry_count" or "position" => $"{column} + 1",
        "previous_head" or "head" or "hash" or "id" or "entry_id" => $"CASE WHEN {column} LIKE '%7' THEN {Shortened(column)} ELSE {Shortened(column, "7")} END",
        _ => Shortened(column, "!"),
    };

    /// <summary>The value with another last letter, in the words of both databases.</summary>
    private static string Shortened(string column, string last = "8") =>
        string.Create(CultureInfo.InvariantCulture, $"REPLACE({column}, SUBSTR({column}, -1), '{last}')");

    private Task Found(string change, params string[] sentences) => Found([change], sentences);

    private async Task Found(string[] changes, params string[] sentences)
    {
        try
        {
            foreach (var change in changes)
            {
                await house.Execute(change);
            }

            var found = await house.AuditFaults();
            foreach (var sentence in sentences)
            {
                Assert.Contains(found, f => f.StartsWith(sentence, StringComparison.Ordinal));
            }
        }
        finally
        {
            await house.PutBack();
        }

        Assert.Empty(await house.AuditFaults());
    }
}
