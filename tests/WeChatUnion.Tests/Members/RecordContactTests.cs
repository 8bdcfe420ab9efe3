using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class RecordContactOnSqlite(SqliteHouse house) : RecordContactTests(house), IClassFixture<SqliteHouse>;

public sealed class RecordContactOnMariaDb(MariaDbHouse house) : RecordContactTests(house), IClassFixture<MariaDbHouse>;

public abstract class RecordContactTests(TestHouse house)
{
    [Theory]
    [InlineData("phone")]
    [InlineData("text_message")]
    [InlineData("visit")]
    [InlineData("wechat")]
    [InlineData("other")]
    public async Task An_officer_notes_how_she_reached_the_applicant(string way)
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        house.Clock.Advance(TimeSpan.FromHours(2));
        var at = house.Clock.GetUtcNow().AddHours(-1);
        officer = await house.Officer("jinsui");

        var answer = (await officer.Post($"{applicant.OfficePath}/contacts", new { way, contactedAt = at, note = "已说明入会流程" })).MustBe(HttpStatusCode.Created);

        Assert.Equal(way, answer["way"]);
        Assert.Equal(at, answer.Body.GetProperty("contactedAt").GetDateTimeOffset());
        Assert.Equal("已说明入会流程", answer["note"]);
        Assert.Equal($"{applicant.OfficePath}/contacts", answer.Response.Headers.Location?.ToString());
        Assert.Single(await house.Audited("record_contact", applicant.ApplicationId));
        Assert.Equal("1", (await officer.Get(applicant.OfficePath))["contactCount"]);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM membership_contacts WHERE note_sealed LIKE '%入会%'"));
    }

    [Fact]
    public async Task A_contact_lies_after_the_application_and_not_in_the_future()
    {
        var opened = house.Clock.GetUtcNow();
        var applicant = await house.Applicant("jinsui");
        house.Clock.Advance(TimeSpan.FromDays(1));
        var officer = await house.Officer("jinsui");
        var now = house.Clock.GetUtcNow();

        foreach (var (at, isFine) in new[]
        {
            (opened.AddMinutes(-5).AddMilliseconds(-1), false), (opened.AddMinutes(-5), true), (now, true), (now.AddMinutes(5), true), (now.AddMinutes(5).AddMilliseconds(1), false),
            (DateTimeOffset.MinValue, false), (DateTimeOffset.MaxValue, false),
        })
        {
            var answer = await officer.Post($"{applicant.OfficePath}/contacts", new { way = "phone", contactedAt = at, note = "已联系" });
            if (isFine)
            {
                answer.MustBe(HttpStatusCode.Created);
            }
            else
            {
                Assert.Equal(["contactedAt"], answer.MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
            }
        }
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_notes_once()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var (key, path) = (Guid.NewGuid().ToString("N"), $"{applicant.OfficePath}/contacts");
        var body = new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已联系" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => officer.Post(path, body, key)));

        Assert.All(answers, a => Assert.Equal(answers[0].Text, a.MustBe(HttpStatusCode.Created).Text));
        Assert.Single((await officer.Get(path)).Items);
        (await officer.Post(path, body with { note = "另一条" }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await officer.PostWithoutKey(path, body)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Theory]
    [InlineData("way", null)]
    [InlineData("way", "pigeon")]
    [InlineData("way", 0)]
    [InlineData("contactedAt", null)]
    [InlineData("contactedAt", "yesterday")]
    [InlineData("note", null)]
    [InlineData("note", " ")]
    [InlineData("note", "短")]
    public async Task A_wrong_value_names_its_field(string field, object? value)
    {
        var applicant = await house.Applicant("jinsui");
        var body = new Dictionary<string, object?> { ["way"] = "phone", ["contactedAt"] = house.Clock.GetUtcNow(), ["note"] = "已联系" };
        var answer = (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/contacts", body.With(field, value))).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Fact]
    public async Task A_note_has_at_most_five_hundred_characters()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var contactedAt = house.Clock.GetUtcNow();
        (await officer.Post($"{applicant.OfficePath}/contacts", new { way = "phone", contactedAt, note = new string('话', 500) })).MustBe(HttpStatusCode.Created);
        (await officer.Post($"{applicant.OfficePath}/contacts", new { way = "phone", contactedAt, note = new string('话', 501) })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task Only_officers_in_reach_note_contacts()
    {
        var applicant = await house.Applicant("jinsui");
        var draft = await house.Draft("jinsui");
        var body = new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已联系" };
        (await (await house.Officer("hongyuan")).Post($"{applicant.OfficePath}/contacts", body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Officer("jinsui")).Post($"{draft.OfficePath}/contacts", body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.ActivityOrganiser, "county")).Post($"{applicant.OfficePath}/contacts", body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await applicant.Post($"{applicant.OfficePath}/contacts", body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Post($"{applicant.OfficePath}/contacts", body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }
}
