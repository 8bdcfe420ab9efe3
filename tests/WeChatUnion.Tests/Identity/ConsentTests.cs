using System.Net;
using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class ConsentOnSqlite(SqliteHouse house) : ConsentTests(house), IClassFixture<SqliteHouse>;

public sealed class ConsentOnMariaDb(MariaDbHouse house) : ConsentTests(house), IClassFixture<MariaDbHouse>;

public abstract class ConsentTests(TestHouse house)
{
    private const string Consent = "/api/v1/me/consents/membership";

    [Fact]
    public async Task Everybody_may_read_what_is_asked_and_check_its_hash()
    {
        var text = (await house.Anonymous().Get("/api/v1/consent-texts/membership")).MustBe(HttpStatusCode.OK);
        Assert.Equal("1", text["version"]);
        Assert.NotEmpty(text["title"]);
        Assert.Equal(text["textHash"], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text["body"]))));
    }

    [Theory]
    [InlineData("unheard_of")]
    [InlineData("Membership")]
    [InlineData("a.b")]
    [InlineData("会员")]
    public async Task A_purpose_without_a_text_is_not_there(string purpose)
    {
        (await house.Anonymous().Get($"/api/v1/consent-texts/{purpose}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Worker()).Put($"/api/v1/me/consents/{purpose}", new { version = 1, textHash = new string('0', 64) }))
            .MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Agreeing_keeps_version_text_time_and_channel_and_a_repeat_keeps_the_first_time()
    {
        var worker = await house.Worker();
        var personId = (await worker.Get("/api/v1/me"))["personId"];
        var hash = await Hash();
        var first = (await Agree(worker, 1, hash)).MustBe(HttpStatusCode.OK);
        Assert.Equal(house.Clock.GetUtcNow(), first.Body.GetProperty("givenAt").GetDateTimeOffset());

        house.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(first.Text, (await Agree(worker, 1, hash)).MustBe(HttpStatusCode.OK).Text);
        Assert.Equal(1, await house.Number(
            $"SELECT COUNT(*) FROM consents WHERE person_id = '{personId}' AND purpose = 'membership' AND version = 1 AND text_hash = '{hash}' AND channel = 'mini_program' AND withdrawn_at IS NULL"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE person_id = '{personId}' AND deed = 'give_consent'"));
    }

    [Fact]
    public async Task Agreeing_to_another_text_or_version_is_refused()
    {
        var worker = await house.Worker();
        var hash = await Hash();
        (await Agree(worker, 1, new string('0', 64))).MustBe(HttpStatusCode.Conflict, "consent_text_changed");
        (await Agree(worker, 2, hash)).MustBe(HttpStatusCode.Conflict, "consent_text_changed");
        (await Agree(worker, 0, hash)).MustBe(HttpStatusCode.Conflict, "consent_text_changed");
    }

    [Fact]
    public async Task Twenty_times_at_once_is_one_consent()
    {
        var worker = await house.Worker();
        var personId = (await worker.Get("/api/v1/me"))["personId"];
        var hash = await Hash();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Agree(worker, 1, hash)));
        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM consents WHERE person_id = '{personId}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE person_id = '{personId}' AND deed = 'give_consent'"));
    }

    [Fact]
    public async Task A_newer_text_is_agreed_to_anew_and_ends_the_older_consent()
    {
        await AddText("trial", 1);
        var worker = await house.Worker();
        var personId = (await worker.Get("/api/v1/me"))["personId"];
        (await worker.Put("/api/v1/me/consents/trial", new { version = 1, textHash = HashOf("trial 1") })).MustBe(HttpStatusCode.OK);

        await AddText("trial", 2);

        (await worker.Put("/api/v1/me/consents/trial", new { version = 1, textHash = HashOf("trial 1") })).MustBe(HttpStatusCode.Conflict, "consent_text_changed");
        (await worker.Put("/api/v1/me/consents/trial", new { version = 2, textHash = HashOf("trial 2") })).MustBe(HttpStatusCode.OK);
        Assert.Equal(2, await house.Number($"SELECT version FROM consents WHERE person_id = '{personId}' AND live_purpose = 'trial'"));
        Assert.Equal(1, await house.Number($"SELECT version FROM consents WHERE person_id = '{personId}' AND withdrawn_at IS NOT NULL"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"textHash":"short"}""")]
    [InlineData("""{"version":"1","textHash":"0000000000000000000000000000000000000000000000000000000000000000"}""")]
    [InlineData("""{"version":1.5,"textHash":"0000000000000000000000000000000000000000000000000000000000000000"}""")]
    [InlineData("""{"version":99999999999,"textHash":"0000000000000000000000000000000000000000000000000000000000000000"}""")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await (await house.Worker()).SendRaw(HttpMethod.Put, Consent, body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Nobody_signed_in_agrees_to_nothing() =>
        (await Agree(house.Anonymous(), 1, await Hash())).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

    private static Task<Answer> Agree(Person person, int version, string textHash) => person.Put(Consent, new { version, textHash });

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<string> Hash() => (await house.Anonymous().Get("/api/v1/consent-texts/membership"))["textHash"];

    private async Task AddText(string purpose, int version)
    {
        var body = $"{purpose} {version}";
        await using var db = house.Database.Open();
        await db.InsertAsync(new ConsentTextRow { Purpose = purpose, Version = version, Title = "试行", Body = body, TextHash = HashOf(body), CreatedAt = 0 });
    }
}
