using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

public sealed class MessengerOnSqlite(SqliteHouse house) : MessengerTests(house), IClassFixture<SqliteHouse>;

public sealed class MessengerOnMariaDb(MariaDbHouse house) : MessengerTests(house), IClassFixture<MariaDbHouse>;

public abstract class MessengerTests(TestHouse house)
{
    [Fact]
    public async Task A_deed_and_its_notice_stand_together_or_not_at_all()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        await house.Execute("ALTER TABLE messages RENAME TO messages_away");
        (await officer.Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位工作" }))
            .MustBe(HttpStatusCode.InternalServerError, "server_fault");
        await house.Execute("ALTER TABLE messages_away RENAME TO messages");
        Assert.Empty((await applicant.Get("/api/v1/me/messages")).Items);

        (await officer.Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位工作" }))
            .MustBe(HttpStatusCode.NoContent);
        Assert.Single((await applicant.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task What_the_notice_says_is_sealed()
    {
        var applicant = await house.Applicant("jinsui");
        await house.Return(applicant, "保密的原因");
        Assert.Contains("保密的原因", Assert.Single((await applicant.Get("/api/v1/me/messages")).Items).Text("text"), StringComparison.Ordinal);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM messages WHERE text_sealed LIKE '%保密%'"));
    }

    [Fact]
    public async Task What_a_node_of_the_earlier_release_left_on_its_way_arrives_once()
    {
        var people = new List<Applicant>();
        for (var i = 0; i < 5; i++)
        {
            people.Add(await house.Applicant("jinsui"));
            await house.LeaveInOutbox(people[^1], "还在路上的通知", claimedUntil: i == 0 ? 1 : null);
        }

        // One is in the hands of a node that still runs.
        var held = await house.Applicant("jinsui");
        await house.LeaveInOutbox(held, "还在路上的通知", house.Clock.Milliseconds() + 30_000);

        // One cannot be read.
        await house.Execute("INSERT INTO outbox (id, kind, payload_sealed, due_at, attempts, created_at) VALUES ('00000000000000000000000000000000', 'notice', 'x', 0, 0, 0)");

        var tasks = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<HandOverOutbox>(house.Services));
        await Task.WhenAll(tasks.Select(t => Assert.ThrowsAnyAsync<Exception>(() => t.RunAsync(CancellationToken.None))));

        foreach (var person in people)
        {
            Assert.Equal("还在路上的通知", Assert.Single((await person.Get("/api/v1/me/messages")).Items).Text("text"));
        }

        Assert.Empty((await held.Get("/api/v1/me/messages")).Items);
        Assert.Equal(2, await house.Number("SELECT COUNT(*) FROM outbox"));
        await house.Execute("DELETE FROM outbox");
    }
}
