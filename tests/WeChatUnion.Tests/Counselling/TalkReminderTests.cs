using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Messages.Reminders;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Messages;

namespace WeChatUnion.Tests.Counselling;

public sealed class TalkReminderOnSqlite(MessagingSqlite house) : TalkReminderTests(house), IClassFixture<MessagingSqlite>;

public sealed class TalkReminderOnMariaDb(MessagingMariaDb house) : TalkReminderTests(house), IClassFixture<MessagingMariaDb>;

/// <summary>Reminders of talks: in rounds, in neutral words, gone with the talk, and to no talk do their rows lead.</summary>
public abstract class TalkReminderTests(TestHouse house)
{
    private const string Telling = "咨询|心理|林静|小麦|谈心";

    [Fact]
    public async Task A_client_is_reminded_in_the_round_before_and_a_moved_talk_anew()
    {
        var (counsellor, client) = (await house.Counsellor(), await Client());
        var at = house.In(3, "10:00");
        var id = await client.Book(counsellor.Id, at);
        await To(at.AddHours(-26).AddMilliseconds(-1));
        await Remind();
        Assert.Empty(house.SentTo(client));
        await To(at.AddHours(-26));
        await Remind();
        await Remind();
        Assert.DoesNotMatch(Telling, Assert.Single(house.SentTo(client)).ToString());
        var message = Assert.Single((await client.Get("/api/v1/me/messages")).Items);
        Assert.Contains($"{at:M月d日 HH:mm}", message.Text("text"), StringComparison.Ordinal);
        Assert.DoesNotMatch(Telling, message.ToString());

        // What stands beside her is neither the talk nor its time.
        Assert.NotEqual(id, message.Text("recordId"));
        var record = message.Text("recordId");
        var end = new DateTimeOffset(at.Date.AddDays(1), at.Offset).ToUnixTimeMilliseconds();
        Assert.Equal(end, await house.Number($"SELECT starts_at FROM reminders WHERE record_id = '{record}' AND lead_hours = 24"));
        Assert.Equal(end, await house.Number($"SELECT expires_at FROM deliveries WHERE record_id = '{record}'"));

        // Moved by her counsellor: the last one tells the new time.
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Post($"/api/v1/office/talks/{id}/reassignment", new { version = 2, reason = "上午有会", startsAt = at.AddHours(1) })).MustBe(HttpStatusCode.NoContent);
        await house.TellClients();
        await To(at.AddHours(-2));
        await Remind();
        var last = (await client.Get("/api/v1/me/messages")).Items;
        Assert.Equal(["service_reminder", "service", "service_reminder"], last.Select(m => m.Text("kind")));
        Assert.Contains($"{at.AddHours(1):M月d日 HH:mm}", last[0].Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reminder_that_waits_for_the_morning_is_dropped_with_its_talk()
    {
        var (counsellor, client) = (await house.Counsellor(), await Client());
        var at = house.In(2, "11:00");
        var id = await client.Book(counsellor.Id, at);
        house.WeChat.Faults.AnswerError("/cgi-bin/message/subscribe/send", -1);
        await To(at.AddHours(-27));
        await Remind();
        Assert.Equal("Waiting", await house.States(client));
        (await client.Cancel(id)).MustBe(HttpStatusCode.OK);
        house.WeChat.Faults.Clear();
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.Delivered();
        Assert.Equal("Dropped", await house.States(client));
        await To(at.AddHours(-2));
        await Remind();
        Assert.Empty(house.SentTo(client));
    }

    /// <summary>It says how to come, so it is given at once; by night too when it begins before the morning.</summary>
    [Theory]
    [InlineData("09:30", "12:00", 1)]
    [InlineData("23:10", "26:00", 1)]
    [InlineData("23:10", "33:00", 0)]
    public async Task Who_books_later_than_the_last_reminder_gets_it_at_once(string now, string begins, int soundsAtOnce)
    {
        var client = await Client();
        var day = house.In(1, "00:00");
        var at = day.AddHours(int.Parse(begins.AsSpan(0, 2), null));
        await To(day + TimeSpan.Parse(now, null));
        var counsellor = await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00"));
        await client.Book(counsellor.Id, at);
        await Remind();
        await Remind();
        Assert.Single((await client.Get("/api/v1/me/messages")).Items, m => m.Text("kind") == "service_reminder");
        Assert.Equal(soundsAtOnce, house.SentTo(client).Count);
    }

    private async Task<Reachable> Client()
    {
        var client = await house.Reachable("service_notice", "service_notice", "service_notice", "service_notice");
        await client.Agree();
        return client;
    }

    private async Task Remind()
    {
        await ActivatorUtilities.CreateInstance<SendReminders>(house.Services).RunAsync(CancellationToken.None);
        await house.Delivered();
    }

    private Task To(DateTimeOffset instant)
    {
        house.Clock.Advance(TimeSpan.FromMilliseconds(instant.ToUnixTimeMilliseconds() - house.Clock.Milliseconds()));
        return Task.CompletedTask;
    }
}
