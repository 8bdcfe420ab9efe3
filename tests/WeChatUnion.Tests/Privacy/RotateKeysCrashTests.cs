using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

public sealed class RotateKeysCrashOnSqlite(SqliteProcess house) : RotateKeysCrashTests(house), IClassFixture<SqliteProcess>;

public sealed class RotateKeysCrashOnMariaDb(MariaDbProcess house) : RotateKeysCrashTests(house), IClassFixture<MariaDbProcess>;

/// <summary>The command as a process of its own beside the serving one.</summary>
public abstract class RotateKeysCrashTests(ProcessHouse house)
{
    private const int Messages = 3_000;
    private const string Mine = "/api/v1/me/messages";
    private const string OfMessages = "FROM key_rotations WHERE table_name = 'messages' AND column_name = 'text_sealed'";

    [Fact]
    public async Task A_run_that_was_killed_is_finished_by_the_next_while_the_program_serves()
    {
        var worker = await house.Worker();
        var personId = (await worker.Get("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.OK)["personId"];
        await FillAsync(personId);
        var changed = new Dictionary<string, string>
        {
            ["Privacy:CurrentFieldKey"] = "k2",
            ["Privacy:FieldKeys:k2"] = NewKey(),
            ["Privacy:FormerIndexKey"] = house.Settings["Privacy:IndexKey"],
            ["Privacy:IndexKey"] = NewKey(),
        };
        await house.RestartWithAsync(changed);

        using (var killed = Start())
        {
            await UntilAsync(async () => await NumberAsync($"SELECT COUNT(*) {OfMessages} AND changed_count >= 400") == 1);
            Process.GetProcessById(killed.ProcessId).Kill();
            Assert.NotEqual(0, await killed.ExitCodeAsync());
        }

        // In the middle: some under the one key, some under the other, all to be read.
        var moved = await NumberAsync("SELECT COUNT(*) FROM messages WHERE text_sealed LIKE 'k2:%'");
        Assert.InRange(moved, 400, Messages - 1);
        Assert.Equal(moved, await NumberAsync($"SELECT changed_count {OfMessages}"));
        await EverythingIsReadAsync(worker);

        using (var resumed = Start())
        {
            Assert.True(await resumed.ExitCodeAsync() == 0, resumed.Output);
            Assert.Contains($"messages.text_sealed:已更换 {Messages - moved} 个", resumed.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, await NumberAsync("SELECT COUNT(*) FROM messages WHERE text_sealed NOT LIKE 'k2:%'"));
        await EverythingIsReadAsync(worker);
        using (var again = Start())
        {
            Assert.True(await again.ExitCodeAsync() == 0, again.Output);
            Assert.DoesNotContain("已更换", again.Output, StringComparison.Ordinal);
        }
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private ProgramProcess Start() => ProgramProcess.Start(
        ApiProcess.ProgramFolder,
        new Dictionary<string, string>(house.Settings) { ["ASPNETCORE_ENVIRONMENT"] = "Testing", ["Data:Directory"] = house.Api.DataDirectory },
        "rotate-keys");

    private async Task FillAsync(string personId)
    {
        var cipher = new FieldCipher(new PrivacySettings
        {
            CurrentFieldKey = "k1",
            FieldKeys = new Dictionary<string, string> { ["k1"] = house.Settings["Privacy:FieldKeys:k1"] },
        });
        var rows = Enumerable.Range(0, Messages).Select(n =>
        {
            var id = Ids.New();
            return new MessageRow
            {
                Id = id,
                PersonId = personId,
                Kind = "notice",
                Title = "通知",
                TextSealed = cipher.Seal(MessageRow.TextPlace, id, "会员服务通知"),
                RecordId = personId,
                CreatedAt = n,
            };
        }).ToList();
        await house.Database.TransactAsync(
            db => db.BulkCopyAsync(new BulkCopyOptions { BulkCopyType = BulkCopyType.MultipleRows }, rows), CancellationToken.None);
    }

    private static async Task EverythingIsReadAsync(Person worker)
    {
        var page = (await worker.Get($"{Mine}?take=50")).MustBe(HttpStatusCode.OK);
        var count = 0;
        while (true)
        {
            Assert.All(page.Items, i => Assert.Equal("会员服务通知", i.GetProperty("text").GetString()));
            count += page.Items.Length;
            if (page.Body.GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            page = (await worker.Get($"{Mine}?take=50&after={next}")).MustBe(HttpStatusCode.OK);
        }

        Assert.Equal(Messages, count);
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var db = house.Database.Open();
        return (await db.QueryToListAsync<long>(sql)).FirstOrDefault();
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "It does not get there.");
            await Task.Delay(5);
        }
    }
}
