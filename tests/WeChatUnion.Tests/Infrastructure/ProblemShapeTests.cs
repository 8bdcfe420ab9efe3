using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class ProblemShapeTests(SqliteHouse house) : IClassFixture<SqliteHouse>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/nowhere")]
    [InlineData("/api/v2/me")]
    [InlineData("/api/v1/office/membership-applications/not-an-id")]
    public async Task An_unknown_address_is_not_found(string path) =>
        (await house.Anonymous().Get(path)).MustBe(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task A_wrong_method_says_which_are_right()
    {
        var answer = (await house.Anonymous().Delete("/api/v1/sessions")).MustBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["POST"], answer.Response.Content.Headers.Allow);
        (await house.Anonymous().SendRaw(HttpMethod.Patch, "/api/v1/me", "{}")).MustBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_JSON_is_refused(string contentType) =>
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", "code=x", contentType))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

    [Theory]
    [InlineData("gbk")]
    [InlineData("utf-16")]
    [InlineData("nonsense")]
    public async Task A_body_in_another_charset_than_UTF_8_is_refused(string charset)
    {
        using var http = house.NewHttp();
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        var answer = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("unsupported_media_type", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_its_status_and_is_never_stored()
    {
        foreach (var answer in (Answer[])
            [
                await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = "" }),
                await house.Anonymous().Get("/api/v1/me"),
                await new Person(house.NewHttp(), "a token that ran out").Get("/api/v1/me"),
                await house.Anonymous().Get("/api/v1/nowhere"),
            ])
        {
            Assert.Equal($"{(int)answer.Status}", answer["status"]);
            Assert.True(answer.Response.Headers.CacheControl?.NoStore, answer.Text);
        }
    }

    [Theory]
    [InlineData("{", "body", "JSON")]
    [InlineData("""{"code":"x","colour":"red"}""", "colour", "不认识")]
    [InlineData("""{"code":7}""", "code", "类型不对")]
    [InlineData("""{"code":"a\u0007b"}""", "code", "控制字符")]
    [InlineData("""{}""", "code", "必填")]
    [InlineData("""{"code":"  "}""", "code", "必填")]
    public async Task An_unreadable_body_says_which_field_in_JSON_names_and_Chinese(string body, string field, string words)
    {
        var answer = (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        var sentences = answer.Body.GetProperty("errors").GetProperty(field).EnumerateArray().Select(s => s.GetString()!).ToArray();
        Assert.Contains(sentences, s => s.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_typed_is_not_repeated()
    {
        var answer = await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", """{"code":{"canary":"canary"}}""");
        answer.MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_nested_without_end_is_refused() =>
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", new string('[', 10_000))).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var http = house.NewHttp();
        var content = new ByteArrayContent([0x7b, 0x22, 0x63, 0x6f, 0x64, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
        content.Headers.ContentType = new("application/json");
        var answer = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("malformed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    [InlineData("application/xml;q=0.9")]
    public async Task A_refusal_is_a_problem_whatever_the_caller_accepts(string accept)
    {
        using var http = house.NewHttp();
        http.DefaultRequestHeaders.Add("Accept", accept);
        var anybody = new Person(http, null);
        (await anybody.Get("/api/v1/nowhere")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await anybody.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await anybody.PostWithoutKey("/api/v1/sessions", new { code = "x" })).MustBe(HttpStatusCode.Unauthorized, "wechat_code_unusable");
        (await anybody.PostWithoutKey("/api/v1/sessions", new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task A_refusal_is_logged_with_its_route_and_the_trace_that_the_person_was_told()
    {
        var worker = await house.Worker();
        var answer = (await worker.Put("/api/v1/me/phone", new { code = "made-up-code" })).MustBe(HttpStatusCode.Conflict, "phone_code_unusable");
        var line = Assert.Single(house.Log, l => l.Contains(answer["traceId"], StringComparison.Ordinal));
        Assert.Contains("PUT /api/v1/me/phone 409", line, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up-code", line, StringComparison.Ordinal);
    }
}

/// <summary>Something inside is broken.</summary>
public sealed class BrokenHouse : TestHouse
{
    protected override Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override void Configure(IWebHostBuilder host) => host.ConfigureTestServices(s => s.AddSingleton<IWeChat, Broken>());

    private sealed class Broken : IWeChat
    {
        public Task<WeChatAccount> ExchangeLoginCodeAsync(string code, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + code);

        public Task<string> ExchangePhoneCodeAsync(string code, string openId, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + code);

        public Task<byte[]> MakeCodeAsync(string scene, string page, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + scene);

        public Task<SubscribeAnswer> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + message.OpenId);

        public Task<ContentVerdict> CheckTextAsync(string openId, string text, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + text);

        public Task<ImageAsked> CheckImageAsync(string openId, Uri address, CancellationToken cancellation) =>
            throw new InvalidOperationException("canary " + address);
    }
}

public sealed class CrashTests(BrokenHouse house) : IClassFixture<BrokenHouse>
{
    [Fact]
    public async Task A_crash_inside_is_told_without_internals_and_logged_without_what_was_typed()
    {
        var answer = (await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = "typed" })).MustBe(HttpStatusCode.InternalServerError, "server_fault");
        Assert.Equal(["code", "detail", "status", "traceId"], answer.Body.EnumerateObject().Select(p => p.Name).Order());
        Assert.DoesNotContain(house.Log, l => l.Contains("canary", StringComparison.Ordinal) || l.Contains("typed", StringComparison.Ordinal));
        Assert.Contains(house.Log, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains(nameof(InvalidOperationException), StringComparison.Ordinal));
    }
}
