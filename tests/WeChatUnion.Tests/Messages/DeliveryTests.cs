using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

public sealed class DeliveryOnSqlite(MessagingSqlite house) : DeliveryTests(house), IClassFixture<MessagingSqlite>;

public sealed class DeliveryOnMariaDb(MessagingMariaDb house) : DeliveryTests(house), IClassFixture<MessagingMariaDb>;

/// <summary>How a notice leaves the inbox as a subscribe message, and what the rights to send are worth.</summary>
public abstract class DeliveryTests(TestHouse house) : IAsyncLifetime
{
    private const string Send = "/cgi-bin/message/subscribe/send";

    /// <summary>Ten in the morning: nothing waits for the end of the quiet hours.</summary>
    public ValueTask InitializeAsync()
    {
        house.WeChat.Faults.Clear();
        var now = house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        house.Clock.Advance(now.Date.AddDays(1).AddHours(10) - now.DateTime);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_offer_arrives_once_with_its_fields_filled_and_leads_to_the_activity()
    {
        var person = await house.Reachable("place_offered");
        await house.Tell(MessagesHouse.Offer(person) with
        {
            Facts = new Dictionary<string, string>
            {
                [Fact.Subject] = "“工会杯”职工羽毛球混合双打友谊赛暨颁奖典礼\n通知",
                [Fact.Until] = "1796090400000",
                [Fact.ActivityId] = "0123456789abcdef0123456789abcdef",
            }
        });
        await house.Delivered();

        var message = Assert.Single(house.SentTo(person));
        Assert.Equal(MessagesHouse.TemplateId("place_offered"), message.TemplateId);
        Assert.Equal("pages/activity/activity?id=0123456789abcdef0123456789abcdef", message.Page);
        Assert.Equal("“工会杯”职工羽毛球混合双打友谊赛暨颁…", message.Data["thing1"]);
        Assert.Equal("2026年12月1日 10:00", message.Data["time2"]);
        Assert.Equal("请打开小程序查看", message.Data["thing3"]);
        Assert.Equal("Sent", await house.States(person));
        Assert.Equal(0, await house.Credits(person, "place_offered"));
        Assert.Equal(message.MessageId, await house.Number($"SELECT platform_id FROM deliveries WHERE person_id = '{person.PersonId}'"));
        Assert.Single((await person.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task Without_a_right_left_it_stays_in_the_inbox_and_WeChat_is_not_asked()
    {
        var person = await house.Reachable();
        house.WeChat.Subscriptions.Accept(person.OpenId, MessagesHouse.TemplateId("place_offered"));
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();

        Assert.Empty(house.SentTo(person));
        Assert.Equal("NoCredit", await house.States(person));
        Assert.Single((await person.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task A_right_that_is_none_any_more_is_forgotten_and_nothing_is_repeated()
    {
        var person = await house.Reachable("place_offered", "place_offered", "place_offered");
        house.WeChat.Subscriptions.SwitchOff(person.OpenId, MessagesHouse.TemplateId("place_offered"));
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Equal("NoCredit", await house.States(person));
        Assert.Equal(0, await house.Credits(person, "place_offered"));

        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Delivered();
        Assert.Empty(house.SentTo(person));
    }

    [Fact]
    public async Task The_last_right_is_kept_for_what_matters_more()
    {
        var person = await house.Reachable("activity_result");
        await house.Tell(MessagesHouse.Of(person, "not_admitted"));
        await house.Delivered();
        Assert.Equal("NoCredit", await house.States(person));

        await house.Tell(MessagesHouse.Of(person, "activity_cancelled"));
        await house.Delivered();
        Assert.Equal("NoCredit Sent", await house.States(person));
    }

    [Fact]
    public async Task A_sensitive_notice_says_nothing_of_what_it_is_about()
    {
        var person = await house.Reachable("service_notice");
        await house.Tell(MessagesHouse.Of(person, "service", subject: "心理咨询预约") with { Title = "咨询已取消" });
        await house.Delivered();

        var message = Assert.Single(house.SentTo(person));
        Assert.Equal(["您预约的服务有新消息", "2026年12月1日 10:00", "请打开小程序查看"], message.Data.Values);
        Assert.Matches("^pages/message/message\\?id=[0-9a-f]{32}$", message.Page);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM deliveries WHERE payload_sealed LIKE '%咨询%'"));
    }

    [Fact]
    public async Task One_persons_messages_go_one_after_the_other()
    {
        var person = await house.Reachable([.. Enumerable.Repeat("place_offered", 8)]);
        house.WeChat.Subscriptions.Delay = TimeSpan.FromMilliseconds(30);
        await house.Tell([.. Enumerable.Range(0, 8).Select(_ => MessagesHouse.Offer(person))]);
        await house.Delivered();
        house.WeChat.Subscriptions.Delay = TimeSpan.Zero;

        Assert.Equal(8, house.SentTo(person).Count);
        Assert.Equal(0, await house.Number($"SELECT SUM(attempts) FROM deliveries WHERE person_id = '{person.PersonId}'"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(45009)]
    [InlineData(43108)]
    public async Task A_busy_platform_is_asked_again_later(int error)
    {
        var person = await house.Reachable("place_offered");
        house.WeChat.Faults.AnswerError(Send, error, calls: 1);
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Equal("Waiting", await house.States(person));
        Assert.Equal(error, await house.Number($"SELECT error_code FROM deliveries WHERE person_id = '{person.PersonId}'"));
        Assert.Equal(1, await house.Credits(person, "place_offered"));

        house.Clock.Advance(TimeSpan.FromSeconds(5));
        await house.Delivered();
        Assert.Single(house.SentTo(person));
    }

    [Theory]
    [InlineData(47003, "Parked")]
    [InlineData(40037, "Parked")]
    [InlineData(43107, "Banned")]
    [InlineData(40003, "NoAccount")]
    public async Task What_repeating_cannot_mend_is_not_repeated(int error, string state)
    {
        var person = await house.Reachable("place_offered");
        house.WeChat.Faults.AnswerError(Send, error, calls: 1);
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        house.Clock.Advance(TimeSpan.FromHours(2));
        await house.Delivered();
        Assert.Equal(state, await house.States(person));

        // The alarm follows the commit that parks it.
        for (var look = 0; look < 400 && state == "Parked" && !IsInLog(); look++)
        {
            await Task.Delay(25);
        }

        Assert.Equal(state == "Parked", IsInLog());

        bool IsInLog() => house.Log.Any(l => l.StartsWith("Error ", StringComparison.Ordinal) && l.Contains($"errcode {error}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_only_what_does_no_harm_twice_is_sent_again()
    {
        var (once, twice) = (await house.Reachable("union_message", "union_message", "union_message"), await house.Reachable("place_offered", "place_offered"));
        house.WeChat.Subscriptions.LoseAnswers(2);
        await house.Tell(MessagesHouse.Of(once, "broadcast"), MessagesHouse.Offer(twice));
        await house.Delivered();
        Assert.Equal("Unknown", await house.States(once));
        Assert.Equal("Waiting", await house.States(twice));

        house.Clock.Advance(TimeSpan.FromSeconds(5));
        await house.Delivered();
        Assert.Single(house.SentTo(once));
        Assert.Equal(2, house.SentTo(twice).Count);
        Assert.Equal("Sent", await house.States(twice));
        Assert.Equal(1, await house.Number($"SELECT unknowns FROM deliveries WHERE person_id = '{twice.PersonId}'"));
    }

    [Fact]
    public async Task Ten_minutes_without_WeChat_cost_few_calls_and_lose_nothing()
    {
        var people = new List<Reachable>();
        for (var i = 0; i < 12; i++)
        {
            people.Add(await house.Reachable("place_offered"));
        }

        house.WeChat.Faults.Drop(Send);
        var before = house.WeChat.Calls.Count(c => c.Path == Send);
        await house.Tell([.. people.Select(p => MessagesHouse.Offer(p))]);
        for (var second = 0; second < 600; second += 20)
        {
            await house.Wake();
            house.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.InRange(house.WeChat.Calls.Count(c => c.Path == Send) - before, 5, 80);
        house.WeChat.Faults.Clear();
        for (var minute = 0; minute < 15 && people.Any(p => house.SentTo(p).Count == 0); minute++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            await house.Wake();
        }

        await house.Delivered();
        Assert.All(people, p => Assert.Single(house.SentTo(p)));
    }

    [Fact]
    public async Task A_stale_token_is_replaced_once_for_all_that_are_under_way()
    {
        var people = new List<Reachable>();
        for (var i = 0; i < 30; i++)
        {
            people.Add(await house.Reachable("place_offered"));
        }

        house.WeChat.Subscriptions.Delay = TimeSpan.FromMilliseconds(20);
        await house.Tell([.. people.Take(5).Select(p => MessagesHouse.Offer(p))]);
        await house.Delivered();
        house.WeChat.InvalidateTokenNow();
        var asked = Asked();
        await house.Tell([.. people.Skip(5).Select(p => MessagesHouse.Offer(p))]);
        await house.Delivered();
        house.WeChat.Subscriptions.Delay = TimeSpan.Zero;

        Assert.Equal(asked + 1, Asked());
        Assert.All(people, p => Assert.Single(house.SentTo(p)));

        int Asked() => house.WeChat.Calls.Count(c => c.Path == "/cgi-bin/stable_token");
    }

    [Fact]
    public async Task A_platform_that_gives_no_token_is_asked_once_by_a_crowd()
    {
        var people = new List<Reachable>();
        for (var i = 0; i < 10; i++)
        {
            people.Add(await house.Reachable("place_offered"));
        }

        house.WeChat.InvalidateTokenNow();
        house.Clock.Advance(TimeSpan.FromHours(3));
        house.WeChat.Faults.AnswerError("/cgi-bin/stable_token", -1, calls: 3);
        var asked = house.WeChat.Calls.Count(c => c.Path == "/cgi-bin/stable_token");
        await house.Tell([.. people.Select(p => MessagesHouse.Offer(p))]);
        await house.Delivered();
        Assert.InRange(house.WeChat.Calls.Count(c => c.Path == "/cgi-bin/stable_token") - asked, 1, 3);
        house.WeChat.Faults.Clear();
        for (var i = 0; i < 10; i++)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(30));
            await house.Wake();
        }

        await house.Delivered();
        Assert.All(people, p => Assert.Single(house.SentTo(p)));
    }

    [Fact]
    public async Task At_night_only_what_is_urgent_or_lost_by_the_morning_rings()
    {
        house.Clock.Advance(TimeSpan.FromHours(13));
        var now = house.Clock.Milliseconds();
        var (waits, lost, urgent) = (await house.Reachable("place_offered"), await house.Reachable("place_offered"), await house.Reachable("activity_result"));
        await house.Tell(
            MessagesHouse.Offer(waits, now + 20 * 3_600_000), MessagesHouse.Offer(lost, now + 3_600_000), MessagesHouse.Of(urgent, "activity_cancelled") with { Importance = Importance.Urgent });
        await house.Delivered();
        Assert.Equal((0, 1, 1), (house.SentTo(waits).Count, house.SentTo(lost).Count, house.SentTo(urgent).Count));

        house.Clock.Advance(TimeSpan.FromHours(9) - TimeSpan.FromMilliseconds(1));
        await house.Delivered();
        Assert.Empty(house.SentTo(waits));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.Delivered();
        Assert.Single(house.SentTo(waits));
    }

    [Fact]
    public async Task Past_its_deadline_nobody_is_told_outside_the_inbox()
    {
        var person = await house.Reachable("place_offered");
        house.WeChat.Faults.AnswerError(Send, -1, calls: 1);
        await house.Tell(MessagesHouse.Offer(person, house.Clock.Milliseconds() + 3000));
        await house.Delivered();
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.Delivered();
        Assert.Equal("Expired", await house.States(person));
        Assert.Empty(house.SentTo(person));
    }

    [Fact]
    public async Task What_a_dead_node_held_is_taken_over_when_its_lease_ends()
    {
        var (once, twice) = (await house.Reachable("union_message"), await house.Reachable("place_offered"));
        house.WeChat.Faults.AnswerError(Send, -1);
        await house.Tell(MessagesHouse.Offer(twice));
        await house.Delivered();
        await house.Execute(
            $"UPDATE deliveries SET state = 'sending', claimed_by = '{new string('0', 32)}', claimed_until = {house.Clock.Milliseconds() + 10_000} WHERE person_id = '{twice.PersonId}'");
        house.WeChat.Faults.Clear();
        house.Clock.Advance(TimeSpan.FromMilliseconds(9_999));
        await house.Wake();
        Assert.Equal("Sending", await house.States(twice));
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.Delivered();
        Assert.Single(house.SentTo(twice));
        Assert.Equal(1, await house.Number($"SELECT unknowns FROM deliveries WHERE person_id = '{twice.PersonId}'"));
        Assert.NotNull(once);
    }

    [Fact]
    public async Task The_phone_asks_for_what_the_moment_needs_and_reports_count_once()
    {
        var person = await house.Reachable();
        var needs = (await person.Get("/api/v1/me/subscription-needs?moment=waiting_list")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["place_offered", "activity_result"], needs.Items.Select(i => i.Text("name")));
        Assert.Equal(MessagesHouse.TemplateId("place_offered"), needs.Items[0].Text("templateId"));

        var report = new
        {
            results = new object[]
        {
            new { templateId = MessagesHouse.TemplateId("place_offered"), choice = "accept" },
            new { templateId = MessagesHouse.TemplateId("activity_result"), choice = "reject" },
            new { templateId = "of-an-older-mini-program", choice = "accept" },
        }
        };
        var key = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 2; i++)
        {
            (await person.Post("/api/v1/me/subscription-reports", report, key)).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal(1, await house.Credits(person, "place_offered"));
        Assert.Equal(0, await house.Credits(person, "activity_result"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Post("/api/v1/me/subscription-reports", report)));
        Assert.Equal(21, await house.Credits(person, "place_offered"));
        Assert.Equal(["activity_result"], (await person.Get("/api/v1/me/subscription-needs?moment=waiting_list")).Items.Select(i => i.Text("name")));

        Assert.Equal(["moment"], (await person.Get("/api/v1/me/subscription-needs?moment=x")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await person.Post("/api/v1/me/subscription-reports", new { results = new[] { new { templateId = "x", choice = "maybe" } } })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await person.PostWithoutKey("/api/v1/me/subscription-reports", report)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await house.Anonymous().Get("/api/v1/me/subscription-needs?moment=sign_up")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task A_message_is_unread_until_it_is_read_and_can_be_put_away()
    {
        var (person, stranger) = (await house.Reachable(), await house.Reachable());
        await house.Tell(MessagesHouse.Offer(person), MessagesHouse.Offer(person), MessagesHouse.Offer(person));
        var inbox = await person.Get("/api/v1/me/messages");
        Assert.Equal("3", inbox["unread"]);
        var ids = inbox.Items.Select(i => i.Text("id")).ToArray();

        for (var i = 0; i < 2; i++)
        {
            (await person.Put($"/api/v1/me/messages/{ids[0]}/reading", null)).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal("2", (await person.Get("/api/v1/me/messages"))["unread"]);
        (await person.Put($"/api/v1/me/messages/{ids[1]}/archiving", null)).MustBe(HttpStatusCode.NoContent);
        inbox = await person.Get("/api/v1/me/messages");
        Assert.Equal("1", inbox["unread"]);
        Assert.Equal([ids[0], ids[2]], inbox.Items.Select(i => i.Text("id")));
        Assert.Equal([ids[1]], (await person.Get("/api/v1/me/messages?archived=true")).Items.Select(i => i.Text("id")));
        (await person.Delete($"/api/v1/me/messages/{ids[1]}/archiving")).MustBe(HttpStatusCode.NoContent);
        (await person.Put("/api/v1/me/messages/reading", new { upTo = ids[0] })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("0", (await person.Get("/api/v1/me/messages"))["unread"]);

        (await stranger.Put($"/api/v1/me/messages/{ids[0]}/reading", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Put($"/api/v1/me/messages/{ids[0]}/archiving", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Put("/api/v1/me/messages/reading", new { upTo = ids[0] })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await person.Put("/api/v1/me/messages/reading", new { upTo = "x" })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task Four_nodes_share_the_work_and_nobody_is_told_twice()
    {
        var people = new List<Reachable>();
        for (var i = 0; i < 60; i++)
        {
            people.Add(await house.Reachable("place_offered"));
        }

        var others = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<Api.Modules.Messages.Delivering.DeliveryWorker>(house.Services)).ToList();
        await house.Tell([.. people.Select(p => MessagesHouse.Offer(p))]);
        await Task.WhenAll(others.Select(async o =>
        {
            while (await o.RoundAsync(CancellationToken.None))
            {
            }
        }));
        await house.Delivered();
        Assert.All(people, p => Assert.Single(house.SentTo(p)));
    }
}
