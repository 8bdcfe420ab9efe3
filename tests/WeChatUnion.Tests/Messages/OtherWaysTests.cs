using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

/// <summary>The county has connected its SMS gateway and its mail server.</summary>
public sealed class OtherWaysSqlite : SqliteHouse, IOtherWays
{
    public OtherWays Ways { get; } = new();

    protected override async Task<Dictionary<string, string>> SettingsAsync() => await Ways.ConnectAsync(await base.SettingsAsync());

    protected override void Adjust(Dictionary<string, string> settings) => MessagesHouse.Connect(this, settings);
}

/// <inheritdoc cref="OtherWaysSqlite"/>
public sealed class OtherWaysMariaDb : MariaDbHouse, IOtherWays
{
    public OtherWays Ways { get; } = new();

    protected override async Task<Dictionary<string, string>> SettingsAsync() => await Ways.ConnectAsync(await base.SettingsAsync());

    protected override void Adjust(Dictionary<string, string> settings) => MessagesHouse.Connect(this, settings);
}

public interface IOtherWays
{
    OtherWays Ways { get; }
}

public sealed class OtherWays
{
    public const string Key = "a key of this test that is long enough";

    public PostReceiver Gateway { get; private set; } = null!;

    public MailServer Mail { get; } = MailServer.Start();

    public async Task<Dictionary<string, string>> ConnectAsync(Dictionary<string, string> settings)
    {
        Gateway = await PostReceiver.StartAsync();
        settings["Messages:GatewayAddress"] = Gateway.Address;
        settings["Messages:GatewayKey"] = Key;
        settings["Email:Host"] = "127.0.0.1";
        settings["Email:Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture);
        settings["Email:Security"] = "none";
        settings["Email:From"] = "union@example.cn";
        return settings;
    }
}

public sealed class OtherWaysOnSqlite(OtherWaysSqlite house) : OtherWaysTests(house, house), IClassFixture<OtherWaysSqlite>;

public sealed class OtherWaysOnMariaDb(OtherWaysMariaDb house) : OtherWaysTests(house, house), IClassFixture<OtherWaysMariaDb>;

/// <summary>Text messages by the county's gateway and mails to staff, against servers of this test's own.</summary>
public abstract class OtherWaysTests(TestHouse house, IOtherWays county) : IAsyncLifetime
{
    /// <summary>Ten in the morning.</summary>
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
    public async Task What_is_decisive_and_has_no_way_through_WeChat_goes_by_text_message_signed()
    {
        var (person, phone) = await WithPhone();
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();

        Assert.Equal("NoCredit Sent", await house.States(person));
        var posted = Assert.Single(PostedTo(phone));
        var body = JsonDocument.Parse(posted.Body).RootElement;
        Assert.Equal(["id", "kind", "phone", "text"], body.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal(("place_offered", "候补有名额了,请打开小程序查看。"), (body.GetProperty("kind").GetString(), body.GetProperty("text").GetString()));
        var seconds = posted.Headers["X-Union-Time"];
        Assert.Equal(house.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), seconds);
        Assert.Equal(SignedPosts.SignatureOf(Encoding.UTF8.GetBytes(OtherWays.Key), seconds, posted.Body), posted.Headers["X-Union-Signature"]);
        Assert.DoesNotContain(house.Log, l => l.Contains(phone, StringComparison.Ordinal));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM deliveries WHERE payload_sealed LIKE '%{phone}%'"));
    }

    [Fact]
    public async Task WeChat_comes_first_and_what_can_wait_costs_no_text_message()
    {
        var (person, phone) = await WithPhone("place_offered");
        await house.Tell(MessagesHouse.Offer(person), MessagesHouse.Of(person, "not_admitted"));
        await house.Delivered();
        Assert.Single(house.SentTo(person));
        Assert.Empty(PostedTo(phone));

        // The right was withdrawn meanwhile: WeChat says so, and then it goes by text message, once.
        await house.Accept(person, "place_offered");
        house.WeChat.Subscriptions.SwitchOff(person.OpenId, MessagesHouse.TemplateId("place_offered"));
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Single(house.SentTo(person));
        Assert.Single(PostedTo(phone));
    }

    [Fact]
    public async Task Of_a_sensitive_notice_the_text_message_says_nothing_of_what_it_is_about()
    {
        var (person, phone) = await WithPhone();
        await house.Tell(new Notice(person.PersonId, "service", "咨询师取消了预约", "您的心理咨询改期。", Ids.New()));
        await house.Delivered();
        var body = Assert.Single(PostedTo(phone)).Body;
        Assert.Contains("您预约的服务有新消息", body, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"service\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("咨询", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_phone_it_stays_in_the_inbox()
    {
        var person = await house.Reachable();
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Equal("NoCredit NoAccount", await house.States(person));
        Assert.Single((await person.Get("/api/v1/me/messages")).Items);
    }

    [Fact]
    public async Task A_gateway_that_is_down_or_loses_its_answer_is_asked_again_with_the_same_id()
    {
        var (person, phone) = await WithPhone();
        county.Ways.Gateway.Answer(503, 0);
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        for (var i = 0; i < 2; i++)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(30));
            await house.Delivered();
        }

        var bodies = PostedTo(phone).Select(p => p.Body).ToList();
        Assert.Equal(3, bodies.Count);
        Assert.Single(bodies.Distinct());
        Assert.Equal("NoCredit Sent", await house.States(person));
    }

    [Fact]
    public async Task A_gateway_that_refuses_us_parks_it_with_a_cause_that_staff_understand()
    {
        var (person, phone) = await WithPhone();
        var administrator = await house.Staff(Role.SystemAdministrator, "county");
        var address = $"{Guid.NewGuid():N}@example.cn";
        (await administrator.Put("/api/v1/office/me/email", new { address })).MustBe(HttpStatusCode.NoContent);
        county.Ways.Gateway.Answer(401);
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Equal("NoCredit Parked", await house.States(person));

        // The alarm follows the commit.
        for (var look = 0; look < 200 && MailsTo(address).Count == 0; look++)
        {
            await house.Delivered();
            await house.Wake();
        }

        Assert.Single(MailsTo(address));
        var id = await house.Text($"SELECT id FROM deliveries WHERE person_id = '{person.PersonId}' AND channel = 'gateway'");
        var row = (await administrator.Get("/api/v1/office/parked-deliveries")).MustBe(HttpStatusCode.OK).Items.Single(i => i.Text("id") == id);
        Assert.Contains("GatewayKey", row.Text("cause"), StringComparison.Ordinal);
        (await administrator.Post($"/api/v1/office/parked-deliveries/{id}/retry", null)).MustBe(HttpStatusCode.NoContent);
        await house.Delivered();
        Assert.Equal("NoCredit Sent", await house.States(person));
        Assert.Equal(2, PostedTo(phone).Count);
        (await administrator.Delete("/api/v1/office/me/email")).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task At_night_a_text_message_waits_for_the_morning_like_any_other()
    {
        var (person, phone) = await WithPhone();
        house.Clock.Advance(TimeSpan.FromHours(12));
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        Assert.Empty(PostedTo(phone));
        house.Clock.Advance(TimeSpan.FromHours(10));
        await house.Delivered();
        Assert.Single(PostedTo(phone));
    }

    [Fact]
    public async Task Staff_who_gave_an_address_get_a_mail_once_even_if_the_server_asks_to_come_again()
    {
        var administrator = await house.Staff(Role.SystemAdministrator, "county");
        var address = $"{Guid.NewGuid():N}@example.cn";
        (await administrator.Put("/api/v1/office/me/email", new { address })).MustBe(HttpStatusCode.NoContent);
        var personId = await house.Text("SELECT person_id FROM staff_emails");
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM staff_emails WHERE address_sealed LIKE '%{address}%'"));

        county.Ways.Mail.RecipientAnswers.Enqueue("450 try later");
        await house.Tell(new Notice(personId, "delivery_parked", "订阅消息发送受阻", "请登录工作端查看原因。", Ids.New()));
        await house.Delivered();
        Assert.Empty(MailsTo(address));
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        await house.Delivered();
        var mail = Assert.Single(MailsTo(address));
        Assert.Contains("From: union@example.cn", mail, StringComparison.Ordinal);
        Assert.Contains("=?utf-8?", mail, StringComparison.OrdinalIgnoreCase);

        // Taken, but the connection broke before that was said: it comes again under the same id.
        county.Ways.Mail.LostAnswers = 1;
        await house.Tell(new Notice(personId, "delivery_parked", "订阅消息发送受阻", "请登录工作端查看原因。", Ids.New()));
        await house.Delivered();
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        await house.Delivered();
        var ids = MailsTo(address).Skip(1).Select(m => m.Split('\n').Single(l => l.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase))).ToList();
        Assert.Equal(2, ids.Count);
        Assert.Single(ids.Distinct());

        (await administrator.Delete("/api/v1/office/me/email")).MustBe(HttpStatusCode.NoContent);
        await house.Tell(new Notice(personId, "delivery_parked", "订阅消息发送受阻", "请登录工作端查看原因。", Ids.New()));
        await house.Delivered();
        Assert.Equal(3, MailsTo(address).Count);
    }

    private async Task<(Reachable Person, string Phone)> WithPhone(params string[] templates)
    {
        var person = await house.Reachable(templates);
        var phone = MadeUp.PhoneNumber();
        (await person.Put("/api/v1/me/phone", new { code = house.WeChat.IssuePhoneCode(person.User, phone) })).MustBe(HttpStatusCode.OK);
        return (person, phone);
    }

    private List<PostReceiver.Posted> PostedTo(string phone) =>
        [.. county.Ways.Gateway.Got.Where(p => p.Body.Contains(phone, StringComparison.Ordinal))];

    private List<string> MailsTo(string address) => [.. county.Ways.Mail.Mails.Where(m => m.To == address).Select(m => m.Text)];
}
