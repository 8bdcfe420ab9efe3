using System.Net;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class IdempotencyOnSqlite(SqliteHouse house) : IdempotencyTests(house), IClassFixture<SqliteHouse>;

public sealed class IdempotencyOnMariaDb(MariaDbHouse house) : IdempotencyTests(house), IClassFixture<MariaDbHouse>;

/// <summary>What holds for every POST that creates, shown with contact notes.</summary>
public abstract class IdempotencyTests(TestHouse house)
{
    private static int notes;

    [Fact]
    public async Task A_repeat_answers_the_first_record_and_makes_no_second()
    {
        var (officer, path) = await Scene();
        var (key, note) = (NewKey(), Note());
        var first = (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        var second = (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(first.Text, second.Text);
        Assert.Single((await officer.Get(path)).Items);
    }

    [Fact]
    public async Task Twenty_repeats_at_once_make_one_record()
    {
        var (officer, path) = await Scene();
        var (key, note) = (NewKey(), Note());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => officer.Post(path, note, key)));
        Assert.All(answers, a => a.MustBe(HttpStatusCode.Created));
        Assert.Single(answers.Select(a => a["id"]).Distinct());
        Assert.Single((await officer.Get(path)).Items);
    }

    [Fact]
    public async Task Twenty_posts_with_fresh_keys_make_twenty_records()
    {
        var (officer, path) = await Scene();
        var note = Note();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => officer.Post(path, note)));
        Assert.Equal(20, (await officer.Get(path)).Items.Length);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var (officer, path) = await Scene();
        var key = NewKey();
        (await officer.Post(path, Note(), key)).MustBe(HttpStatusCode.Created);
        (await officer.Post(path, Note(), key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        Assert.Single((await officer.Get(path)).Items);
    }

    [Fact]
    public async Task The_same_key_on_another_record_is_another_deed()
    {
        var (officer, path) = await Scene();
        var other = await NewApplication();
        var (key, note) = (NewKey(), Note());
        (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        (await officer.Post(other, note, key)).MustBe(HttpStatusCode.Created);
        Assert.Single((await officer.Get(other)).Items);
    }

    [Fact]
    public async Task The_same_address_in_other_letters_is_the_same_deed()
    {
        var (officer, path) = await Scene();
        var (key, note) = (NewKey(), Note());
        var first = (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        var second = (await officer.Post(path.Replace("/contacts", "/CONTACTS/", StringComparison.Ordinal), note, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(first["id"], second["id"]);
    }

    [Fact]
    public async Task The_same_key_of_another_person_is_another_deed()
    {
        var (officer, path) = await Scene();
        var chair = await house.Staff(Role.UnionChair, "county");
        var (key, note) = (NewKey(), Note());
        (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        (await chair.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(2, (await officer.Get(path)).Items.Length);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_so_the_key_works_when_the_cause_is_gone()
    {
        var (officer, path) = await Scene();
        var key = NewKey();
        var note = Note(house.Clock.GetUtcNow().AddHours(1));
        (await officer.Post(path, note, key)).MustBe(HttpStatusCode.BadRequest, "malformed");
        house.Clock.Advance(TimeSpan.FromMinutes(29));
        (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMinutes(29));
        (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM idempotency_keys WHERE idempotency_key = '{key}'"));
    }

    [Fact]
    public async Task A_missing_key_is_refused_and_nothing_is_made()
    {
        var (officer, path) = await Scene();
        (await officer.PostWithoutKey(path, Note())).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        Assert.Empty((await officer.Get(path)).Items);
    }

    [Theory]
    [InlineData("fifteen-letters")]
    [InlineData("with blank in it")]
    [InlineData("semicolon;semicolon")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    [InlineData("0123456789abcdef, 0123456789abcdef")]
    public async Task A_malformed_key_is_refused(string key)
    {
        var (officer, path) = await Scene();
        (await officer.Post(path, Note(), key)).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Theory]
    [InlineData("sixteen--letters")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_key_of_the_shortest_and_of_the_longest_form_works(string key)
    {
        var (officer, path) = await Scene();
        (await officer.Post(path, Note(), key)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_key_s_row_says_nothing_of_the_body()
    {
        var (officer, path) = await Scene();
        var key = NewKey();
        var note = new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "canary words" };
        (await officer.Post(path, note, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM idempotency_keys WHERE idempotency_key = '{key}' AND body_hash NOT LIKE '%canary%'"));
        Assert.DoesNotContain(house.Log, line => line.Contains("canary", StringComparison.Ordinal) || line.Contains(key, StringComparison.Ordinal));
    }

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private object Note(DateTimeOffset? at = null) =>
        new { way = "phone", contactedAt = at ?? house.Clock.GetUtcNow(), note = $"第 {Interlocked.Increment(ref notes)} 次联系" };

    private async Task<(Person Officer, string Path)> Scene() =>
        (await house.Staff(Role.MembershipOfficer, "county"), await NewApplication());

    /// <summary>An application under review; answers where its contacts are.</summary>
    private async Task<string> NewApplication()
    {
        var now = house.Clock.Milliseconds();
        var (personId, id) = (Ids.New(), Ids.New());
        var unionId = await house.UnionId("hongyuan");
        await house.Database.TransactAsync(
            async db =>
            {
                await db.InsertAsync(new PersonRow { Id = personId, CreatedAt = now });
                await db.InsertAsync(new ApplicationRow
                {
                    Id = id,
                    PersonId = personId,
                    MadeBy = personId,
                    UnionId = unionId,
                    Source = "mini_program",
                    State = ApplicationState.Submitted,
                    Version = 1,
                    SubmittedAt = now,
                    OpenPersonId = personId,
                    CreatedAt = now,
                    UpdatedAt = now,
                });
            },
            CancellationToken.None);
        return $"/api/v1/office/membership-applications/{id}/contacts";
    }
}
