using System.Net;
using System.Text;
using WeChatUnion.Api.Modules.Messages.Pushes;
using WeChatUnion.Tests.House;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.Messages;

/// <summary>The platform's own vectors, recomputed.</summary>
public sealed class PushVectorTests
{
    private const string Token = "AAAAA";
    private const string AppId = "wxba5fad812f8e6fb9";
    private const string Encrypted =
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

    private static readonly string Key = new('A', 43);

    [Theory]
    [InlineData("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696")]
    [InlineData("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78")]
    [InlineData("1714112445", "415670741", "6c5c811b55cc85e0e1b54100749188c20beb3f5d")]
    public void The_query_is_signed_as_the_platform_does(string timestamp, string nonce, string signature)
    {
        Assert.Equal(signature, PushCrypto.Sign(Token, timestamp, nonce));
        Assert.True(PushCrypto.IsSignedBy(signature, nonce, Token, timestamp));
        Assert.False(PushCrypto.IsSignedBy(signature, Token, timestamp, nonce + "1"));
        Assert.False(PushCrypto.IsSignedBy(null, Token, timestamp, nonce));
        Assert.False(PushCrypto.IsSignedBy("é", Token, timestamp, nonce));
    }

    [Fact]
    public void The_encrypted_message_is_opened_although_its_padding_is_longer_than_a_block()
    {
        Assert.Equal("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", PushCrypto.Sign(Token, "1714112445", "415670741", Encrypted));
        var text = PushCrypto.Open(Encrypted, Key, AppId);
        Assert.Equal(
            """{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}""",
            text);
        Assert.Equal("debug_demo", PushMessage.Read(text!)!.Event);
        Assert.Null(PushCrypto.Open(Encrypted, Key, "wx0123456789abcdef"));
        Assert.Null(PushCrypto.Open(Encrypted, new string('B', 43), AppId));
        Assert.Null(PushCrypto.Open(Encrypted[..^4], Key, AppId));
        Assert.Null(PushCrypto.Open("not base64!", Key, AppId));
        Assert.Null(PushCrypto.Open("", Key, AppId));
    }

    [Fact]
    public void The_stand_in_encrypts_as_the_platform_does()
    {
        var standIn = new StandInPush(Token, Key, AppId);
        var reply = standIn.Encrypt("""{"demo_resp":"good luck"}""", Encoding.ASCII.GetBytes("707722b803182950"));
        Assert.Equal("ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==", reply);
        Assert.Equal("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1", PushCrypto.Sign(Token, "1713424427", "415670741", reply));
        Assert.Equal(Encrypted, standIn.Encrypt(PushCrypto.Open(Encrypted, Key, AppId)!, Encoding.ASCII.GetBytes("a8eedb185eb2fecf")));
    }

    [Theory]
    [InlineData("""{"MsgType":"event","Event":"subscribe_msg_popup_event"," OpenID":"o1","List":{"TemplateId":"t","SubscribeStatusString":"accept","PopupScene":0}}""")]
    [InlineData("""{"MsgType":"event","Event":"subscribe_msg_popup_event","OpenID":"o1","List":[{"TemplateId":"t","SubscribeStatusString":"accept","PopupScene":"0"}]}""")]
    [InlineData("""{"MsgType":"event","Event":"subscribe_msg_popup_event","OpenID":"o1","SubscribeMsgPopupEvent":{"List":{"TemplateId":"t","SubscribeStatusString":"accept","PopupScene":"0"}}}""")]
    [InlineData("<xml><MsgType><![CDATA[event]]></MsgType><Event>subscribe_msg_popup_event</Event><OpenID>o1</OpenID><SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</PopupScene></List></SubscribeMsgPopupEvent></xml>")]
    public void Both_formats_and_both_kinds_of_lists_say_the_same(string body)
    {
        var message = PushMessage.Read(body)!;
        Assert.Equal(("subscribe_msg_popup_event", "o1"), (message.Event, message.OpenId));
        Assert.Equal(["accept", "0", "t"], Assert.Single(message.Entries).OrderBy(e => e.Key == "TemplateId" ? 2 : e.Key == "PopupScene" ? 1 : 0).Select(e => e.Value));
    }

    [Theory]
    [InlineData("<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><xml><Event>&x;</Event></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><xml><Event>&b;</Event></xml>")]
    [InlineData("<xml><Event>")]
    [InlineData("{\"Event\":")]
    [InlineData("")]
    [InlineData("[]")]
    public void What_brings_entities_or_cannot_be_read_is_nothing(string body) => Assert.Null(PushMessage.Read(body));
}

public sealed class PushOnSqlite(MessagingSqlite house) : PushTests(house), IClassFixture<MessagingSqlite>;

public sealed class PushOnMariaDb(MessagingMariaDb house) : PushTests(house), IClassFixture<MessagingMariaDb>;

/// <summary>What the platform pushes corrects what we believe; the house is set to safe mode.</summary>
public abstract class PushTests(TestHouse house)
{
    private const string Path = "/api/v1/wechat-push";

    private readonly StandInPush push = new(MessagesHouse.PushToken, MessagesHouse.PushKey, new StandInOptions().AppId);
    private long timestamp = 1796090400;

    [Fact]
    public async Task The_console_gets_back_what_it_asks_for_a_right_signature()
    {
        var query = push.Plain("", timestamp, "1514711492").Query;
        var answer = await house.NewHttp().GetAsync($"{Path}{query}&echostr=4375120948345356249");
        Assert.Equal("4375120948345356249", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        (await house.Anonymous().Get($"{Path}{query.Replace("signature=", "signature=0", StringComparison.Ordinal)}&echostr=1")).MustBe(HttpStatusCode.BadRequest, "push_not_genuine");
        (await house.Anonymous().Get(Path)).MustBe(HttpStatusCode.BadRequest, "push_not_genuine");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_accept_counts_once_whether_the_phone_or_the_platform_says_so_first(bool phoneFirst)
    {
        var person = await house.Reachable();
        if (phoneFirst)
        {
            await house.Accept(person, "place_offered");
        }

        await MustSucceed(Popup(person, "accept", asXml: phoneFirst));
        if (!phoneFirst)
        {
            await house.Accept(person, "place_offered");
        }

        Assert.Equal(1, await house.Credits(person, "place_offered"));

        // A second one, told by the platform alone.
        await MustSucceed(Popup(person, "accept", asXml: false));
        Assert.Equal(2, await house.Credits(person, "place_offered"));
    }

    [Fact]
    public async Task A_push_that_comes_again_does_nothing()
    {
        var person = await house.Reachable();
        var message = Popup(person, "accept", asXml: false);
        await MustSucceed(message);
        await MustSucceed(message);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => MustSucceed(message)));
        Assert.Equal(1, await house.Credits(person, "place_offered"));
    }

    [Fact]
    public async Task Whoever_switches_it_off_is_not_written_to_and_a_refusal_takes_back_a_false_report()
    {
        var (person, other) = (await house.Reachable("place_offered", "place_offered"), await house.Reachable("place_offered"));
        await MustSucceed(Json(person, "subscribe_msg_change_event", $$"""{"TemplateId":"{{MessagesHouse.TemplateId("place_offered")}}","SubscribeStatusString":"reject"}"""));
        Assert.Equal(0, await house.Credits(person, "place_offered"));
        await MustSucceed(Popup(other, "reject", asXml: true));
        Assert.Equal(0, await house.Credits(other, "place_offered"));
    }

    [Fact]
    public async Task The_last_word_on_a_message_is_the_platforms()
    {
        var (failed, lost) = (await house.Reachable("place_offered"), await house.Reachable("union_message", "union_message"));
        await house.Tell(MessagesHouse.Offer(failed) with { Importance = Api.Infrastructure.Notices.Importance.Urgent });
        await house.Delivered();
        house.WeChat.Subscriptions.LoseAnswers(1);
        await house.Tell(MessagesHouse.Of(lost, "broadcast") with { Importance = Api.Infrastructure.Notices.Importance.Urgent });
        await house.Delivered();
        Assert.Equal("Sent Unknown", $"{await house.States(failed)} {await house.States(lost)}");

        foreach (var (person, error) in new[] { (failed, 1), (lost, 0) })
        {
            var sent = Assert.Single(house.SentTo(person));
            await MustSucceed(Json(person, "subscribe_msg_sent_event", $$"""[{"TemplateId":"{{sent.TemplateId}}","MsgID":"{{sent.MessageId}}","ErrorCode":"{{error}}","ErrorStatus":"x"}]"""));
        }

        Assert.Equal("Failed Sent", $"{await house.States(failed)} {await house.States(lost)}");
    }

    [Fact]
    public async Task Only_what_is_signed_as_a_whole_and_meant_for_us_counts()
    {
        var person = await house.Reachable();
        var message = Popup(person, "accept", asXml: false);
        var (query, body) = push.Safe(message, timestamp, "1");
        var plain = push.Plain(message, timestamp, "1");
        foreach (var (q, b) in new[]
        {
            (query, body.Replace("Encrypt\":\"", "Encrypt\":\"A", StringComparison.Ordinal)),
            (query.Replace("msg_signature=", "msg_signature=0", StringComparison.Ordinal), body),
            (query, "{"),
            (query, "<xml/>"),
            (query, ""),
            ("", body),
            plain,
            new StandInPush(MessagesHouse.PushToken, MessagesHouse.PushKey, "wxba5fad812f8e6fb9").Safe(message, timestamp, "1"),
            new StandInPush("other", MessagesHouse.PushKey, new StandInOptions().AppId).Safe(message, timestamp, "1"),
        })
        {
            (await Send(q, b)).MustBe(HttpStatusCode.BadRequest, "push_not_genuine");
        }

        Assert.Equal(0, await house.Credits(person, "place_offered"));
        (await Send(query, new string(' ', 70_000))).MustBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await MustSucceed("""{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"event","Event":"debug_demo"}""");
        await MustSucceed(Json(null, "subscribe_msg_popup_event", """{"TemplateId":"nobodys","SubscribeStatusString":"accept"}"""));
    }

    private string Popup(Reachable person, string status, bool asXml)
    {
        var template = MessagesHouse.TemplateId("place_offered");
        return asXml
            ? $"<xml><ToUserName>gh</ToUserName><FromUserName><![CDATA[{person.OpenId}]]></FromUserName><CreateTime>{timestamp++}</CreateTime><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>"
                + $"<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[{template}]]></TemplateId><SubscribeStatusString>{status}</SubscribeStatusString><PopupScene>0</PopupScene></List></SubscribeMsgPopupEvent></xml>"
            : Json(person, "subscribe_msg_popup_event", $$"""{"TemplateId":"{{template}}","SubscribeStatusString":"{{status}}","PopupScene":"0"}""");
    }

    private string Json(Reachable? person, string name, string list) =>
        $$"""{"ToUserName":"gh","FromUserName":"{{person?.OpenId ?? "o0"}}","CreateTime":"{{timestamp++}}","MsgType":"event","Event":"{{name}}","List":{{list}}}""";

    private async Task MustSucceed(string message)
    {
        var (query, body) = push.Safe(message, timestamp, "415670741");
        var response = await house.NewHttp().PostAsync(Path + query, new StringContent(body, Encoding.UTF8, body.StartsWith('<') ? "text/xml" : "application/json"));
        Assert.Equal("success", await response.Content.ReadAsStringAsync());
    }

    private async Task<Answer> Send(string query, string body) => await house.Anonymous().SendRaw(HttpMethod.Post, Path + query, body);
}
