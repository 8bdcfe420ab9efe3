using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

public sealed class DeliverNoticeOnSqlite(SqliteHouse house) : DeliverNoticeTests(house), IClassFixture<SqliteHouse>;

public sealed class DeliverNoticeOnMariaDb(MariaDbHouse house) : DeliverNoticeTests(house), IClassFixture<MariaDbHouse>;

/// <summary>The program's own loop runs beside these workers all the time, as a second node would.</summary>
public abstract class DeliverNoticeTests(TestHouse house)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Two_workers_at_once_deliver_each_notice_exactly_once()
    {
        var applicants = new List<Applicant>();
        for (var i = 0; i < 20; i++)
        {
            applicants.Add(await house.Applicant("jinsui"));
            await house.Return(applicants[^1], "请补充岗位");
        }

        var workers = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<OutboxWorker>(house.Services)).ToArray();
        await Task.WhenAll(workers.SelectMany(w => new[] { RunDry(w), RunDry(w) }));
        await house.WorkOffOutbox();
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM outbox"));

        foreach (var applicant in applicants)
        {
            Assert.Equal("membership_returned", Assert.Single((await applicant.Get("/api/v1/me/messages")).Items).Text("kind"));
        }
    }

    [Fact]
    public async Task A_row_that_comes_back_after_its_delivery_is_not_delivered_again()
    {
        var applicant = await house.Applicant("jinsui");
        await house.Execute("ALTER TABLE messages RENAME TO messages_away");
        await house.Return(applicant, "请补充岗位");
        await house.WorkOffOutbox();
        var row = await Row();
        await house.Execute("ALTER TABLE messages_away RENAME TO messages");
        house.Clock.Advance(FirstWait);
        await house.WorkOffOutbox();
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM outbox"));
        Assert.Single((await applicant.Get("/api/v1/me/messages")).Items);

        // The row comes back as a slow node would have left it: claimed, its lease over.
        await using (var db = house.Database.Open())
        {
            await db.InsertAsync(row with { Attempts = 0, ClaimedBy = new string('0', 32), ClaimedUntil = 1, ParkedAt = null });
        }

        await house.WorkOffOutbox();
        Assert.Equal(1, (await Row()).Attempts);
        Assert.Single((await applicant.Get("/api/v1/me/messages")).Items);
        await house.Execute("DELETE FROM outbox");
    }

    [Fact]
    public async Task A_notice_that_could_not_be_delivered_is_put_off_and_arrives_once()
    {
        var applicant = await house.Applicant("jinsui");
        await house.Execute("ALTER TABLE messages RENAME TO messages_away");
        await house.Return(applicant, "请补充岗位");
        await house.WorkOffOutbox();
        Assert.Equal(1, (await Row()).Attempts);
        Assert.Equal(house.Clock.Milliseconds() + (long)FirstWait.TotalMilliseconds, (await Row()).DueAt);
        await house.Execute("ALTER TABLE messages_away RENAME TO messages");

        await house.WorkOffOutbox();
        Assert.Empty((await applicant.Get("/api/v1/me/messages")).Items);

        house.Clock.Advance(FirstWait);
        await house.WorkOffOutbox();
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM outbox"));
        Assert.Single((await applicant.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task A_notice_that_fails_ten_times_is_parked_for_staff_to_see()
    {
        var applicant = await house.Applicant("jinsui");
        await house.Execute("ALTER TABLE messages RENAME TO messages_away");
        await house.Return(applicant, "请补充岗位");
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await house.WorkOffOutbox();
            var row = await Row();
            Assert.Equal(attempt, row.Attempts);
            Assert.Equal(attempt == 10, row.ParkedAt is not null);
            house.Clock.Advance(DateTimeOffset.FromUnixTimeMilliseconds(row.DueAt) - house.Clock.GetUtcNow());
        }

        await house.Execute("ALTER TABLE messages_away RENAME TO messages");
        house.Clock.Advance(TimeSpan.FromDays(1));
        await house.WorkOffOutbox();

        Assert.Equal(10, (await Row()).Attempts);
        Assert.Empty((await applicant.Get("/api/v1/me/messages")).Items);
        Assert.DoesNotContain(house.Log, line => line.Contains("请补充岗位", StringComparison.Ordinal));
        await house.Execute("DELETE FROM outbox");
    }

    [Fact]
    public async Task What_the_notice_says_is_sealed_on_its_way_and_in_the_inbox()
    {
        var applicant = await house.Applicant("jinsui");
        await house.Return(applicant, "保密的原因");
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM outbox WHERE payload_sealed LIKE '%保密%'"));
        await house.WorkOffOutbox();
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM messages WHERE text_sealed LIKE '%保密%'"));
    }

    private static async Task RunDry(OutboxWorker worker)
    {
        while (await worker.RunOnceAsync(CancellationToken.None) > 0)
        {
        }
    }

    private async Task<OutboxRow> Row()
    {
        await using var db = house.Database.Open();
        return await db.GetTable<OutboxRow>().SingleAsync();
    }
}
