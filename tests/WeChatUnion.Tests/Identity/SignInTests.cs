using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class SignInOnSqlite(SqliteHouse house) : SignInTests(house), IClassFixture<SqliteHouse>;

public sealed class SignInOnMariaDb(MariaDbHouse house) : SignInTests(house), IClassFixture<MariaDbHouse>;

public abstract class SignInTests(TestHouse house)
{
    private const string Login = "/sns/jscode2session";

    [Fact]
    public async Task A_first_sign_in_makes_a_person_and_a_second_one_finds_her_again()
    {
        var user = house.NewUser();

        var first = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);
        var second = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);

        Assert.Equal("True", first["isNew"]);
        Assert.Equal("False", second["isNew"]);
        Assert.Equal(first["personId"], second["personId"]);
        Assert.NotEqual(first["token"], second["token"]);
        Assert.True(first["token"].Length >= 43);
        Assert.True(first.Response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Twenty_first_sign_ins_at_once_make_one_person()
    {
        var user = house.NewUser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.SignIn(user)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.Created));
        Assert.Single(answers.Select(a => a["personId"]).Distinct());
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM wechat_accounts WHERE open_id = '{house.WeChat.OpenIdOf(user)}'"));
    }

    [Fact]
    public async Task A_code_works_once_and_for_five_minutes()
    {
        var code = house.WeChat.IssueLoginCode(house.NewUser());
        (await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code })).MustBe(HttpStatusCode.Created);
        (await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code })).MustBe(HttpStatusCode.Unauthorized, "wechat_code_unusable");

        var late = house.WeChat.IssueLoginCode(house.NewUser());
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        (await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = late })).MustBe(HttpStatusCode.Unauthorized, "wechat_code_unusable");
    }

    [Fact]
    public async Task A_phone_code_is_no_login_code()
    {
        var code = house.WeChat.IssuePhoneCode(house.NewUser(), "13900000001");
        (await house.Anonymous().PostWithoutKey("/api/v1/sessions", new { code })).MustBe(HttpStatusCode.Unauthorized, "wechat_code_unusable");
    }

    [Theory]
    [InlineData(40226, HttpStatusCode.Forbidden, "wechat_account_blocked")]
    [InlineData(-1, HttpStatusCode.ServiceUnavailable, "wechat_busy")]
    [InlineData(45011, HttpStatusCode.ServiceUnavailable, "wechat_busy")]
    [InlineData(40029, HttpStatusCode.Unauthorized, "wechat_code_unusable")]
    [InlineData(40163, HttpStatusCode.Unauthorized, "wechat_code_unusable")]
    [InlineData(41008, HttpStatusCode.Unauthorized, "wechat_code_unusable")]
    [InlineData(40013, HttpStatusCode.ServiceUnavailable, "wechat_unavailable")]
    [InlineData(40125, HttpStatusCode.ServiceUnavailable, "wechat_unavailable")]
    [InlineData(40164, HttpStatusCode.ServiceUnavailable, "wechat_unavailable")]
    public async Task Each_error_of_WeChat_is_told_in_words(int errorCode, HttpStatusCode status, string code)
    {
        house.WeChat.Faults.AnswerError(Login, errorCode, calls: 1);
        var answer = (await house.SignIn(house.NewUser())).MustBe(status, code);
        Assert.Equal(status == HttpStatusCode.ServiceUnavailable, answer.Response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task WeChat_down_slow_or_talking_nonsense_is_a_503_and_everything_else_goes_on()
    {
        var worker = await house.Worker();
        foreach (var fail in new Action<StandInFaultsOnce>[]
        {
            f => f.Status(412), f => f.Status(502), f => f.Garbage(), f => f.Drop(), f => f.Slow(),
        })
        {
            fail(new StandInFaultsOnce(house.WeChat.Faults, Login));
            (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.ServiceUnavailable, "wechat_unavailable");
            (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        }

        (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":""}""")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":17}""")]
    [InlineData("""{"code":"x","more":1}""")]
    [InlineData("""{"code":"x","code":"y"}""")]
    [InlineData("""{"code":"\ud800"}""")]
    [InlineData("""{"code":"a\u0000b"}""")]
    [InlineData("""["code"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task A_body_that_is_too_large_or_not_JSON_is_refused()
    {
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", "{}", "text/plain"))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        (await house.Anonymous().SendRaw(HttpMethod.Post, "/api/v1/sessions", $$"""{"code":"{{new string('x', 200)}}"}"""))
            .MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    private sealed class StandInFaultsOnce(WeChatStandIn.StandInFaults faults, string path)
    {
        public void Status(int status) => faults.AnswerStatus(path, status, calls: 1);

        public void Garbage() => faults.AnswerGarbage(path, calls: 1);

        public void Drop() => faults.Drop(path, calls: 1);

        public void Slow() => faults.Delay(path, TimeSpan.FromSeconds(10), calls: 1);
    }
}
