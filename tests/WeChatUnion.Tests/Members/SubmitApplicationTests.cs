using System.Net;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class SubmitApplicationOnSqlite(SqliteHouse house) : SubmitApplicationTests(house), IClassFixture<SqliteHouse>
{
    protected override TestHouse NewHouse() => new SqliteHouse();
}

public sealed class SubmitApplicationOnMariaDb(MariaDbHouse house) : SubmitApplicationTests(house), IClassFixture<MariaDbHouse>
{
    protected override TestHouse NewHouse() => new MariaDbHouse();
}

public abstract class SubmitApplicationTests(TestHouse house)
{
    private const string Path = $"{Applicant.Application}/submission";

    protected abstract TestHouse NewHouse();

    [Fact]
    public async Task A_complete_application_is_handed_in_and_the_union_has_fifteen_working_days()
    {
        var draft = await house.Draft("jinsui");
        var version = draft.Version;

        var answer = (await draft.Submit()).MustBe(HttpStatusCode.OK);

        Assert.Equal("submitted", answer["state"]);
        Assert.Equal(version + 1, answer.Version);
        Assert.EndsWith("+08:00", answer["submittedAt"], StringComparison.Ordinal);
        var application = (await draft.Get("/api/v1/me/membership")).Body.GetProperty("application");
        Assert.Equal(answer["contactDueOn"], application.Text("contactDueOn"));
        Assert.Equal("submission", Assert.Single(application.GetProperty("steps").EnumerateArray()).Text("kind"));
    }

    [Fact]
    public async Task Without_an_open_application_there_is_nothing_to_hand_in()
    {
        var worker = await house.Newcomer();
        (await worker.Post(Path, new { version = 1 })).MustBe(HttpStatusCode.Conflict, "no_open_application");
    }

    [Fact]
    public async Task An_incomplete_application_is_told_everything_that_is_missing()
    {
        var worker = await house.Newcomer();
        (await worker.FillIn("identity", worker.IdentityStep())).MustBe(HttpStatusCode.OK);
        Assert.Equal(["consent", "phone", "profile", "work"], (await worker.Submit()).MustBe(HttpStatusCode.Conflict, "application_incomplete").WrongFields);

        (await worker.FillIn("profile", worker.ProfileStep())).MustBe(HttpStatusCode.OK);
        await worker.Consent();
        Assert.Equal(["phone", "work"], (await worker.Submit()).MustBe(HttpStatusCode.Conflict, "application_incomplete").WrongFields);

        await house.BindPhone(worker);
        (await worker.FillIn("work", worker.WorkStep(await house.UnionId("jinsui")))).MustBe(HttpStatusCode.OK);
        (await worker.Submit()).MustBe(HttpStatusCode.OK);

        var other = await house.Newcomer();
        (await other.FillIn("work", other.WorkStep(await house.UnionId("jinsui")))).MustBe(HttpStatusCode.OK);
        Assert.Contains("identity", (await other.Submit()).MustBe(HttpStatusCode.Conflict, "application_incomplete").WrongFields);
    }

    [Fact]
    public async Task A_new_consent_text_must_be_agreed_to_first()
    {
        var draft = await house.Draft("jinsui");
        await house.Execute(
            """
            INSERT INTO consent_texts (purpose, version, title, body, text_hash, created_at)
            SELECT purpose, MAX(version) + 1, title, body, text_hash, created_at FROM consent_texts WHERE purpose = 'membership'
            GROUP BY purpose, title, body, text_hash, created_at
            """);

        Assert.Equal(["consent"], (await draft.Submit()).MustBe(HttpStatusCode.Conflict, "application_incomplete").WrongFields);

        await draft.Consent();
        (await draft.Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_sixteenth_birthday_begins_at_midnight_in_Xinxiang()
    {
        var tomorrow = house.Clock.Today().AddDays(1);
        var draft = await house.Draft("jinsui", birth: tomorrow.AddYears(-16));
        var midnight = new DateTimeOffset(tomorrow, TimeOnly.MinValue, TimeSpan.FromHours(8));
        house.Clock.Advance(midnight - house.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        (await draft.Submit()).MustBe(HttpStatusCode.Conflict, "too_young");

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await draft.Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_union_dissolved_meanwhile_takes_in_nobody()
    {
        var union = await house.NewUnion();
        var draft = await house.Draft(union);
        await house.Execute($"UPDATE unions SET state = 'dissolved' WHERE seed_key = '{union}'");
        (await draft.Submit()).MustBe(HttpStatusCode.Conflict, "union_not_open");
    }

    [Fact]
    public async Task An_id_number_is_taken_across_all_unions_until_its_application_ends()
    {
        var first = await house.Applicant("jinsui");
        var second = await house.Draft("hongyuan", idNumber: first.IdNumber);
        (await second.Submit()).MustBe(HttpStatusCode.Conflict, "id_number_taken");

        var officer = await house.Officer("jinsui");
        (await officer.Post($"{first.OfficePath}/return", new { version = first.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        (await second.Submit()).MustBe(HttpStatusCode.Conflict, "id_number_taken");

        first.Version++;
        (await first.Withdraw()).MustBe(HttpStatusCode.NoContent);
        (await second.Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_id_number_is_taken_across_all_unions_while_the_membership_lives()
    {
        var member = await house.Member("jinsui");
        var second = await house.Draft("hongyuan", idNumber: member.IdNumber);
        (await second.Submit()).MustBe(HttpStatusCode.Conflict, "id_number_taken");
        Assert.Equal("draft", (await second.Get("/api/v1/me"))["applicationState"]);
    }

    [Fact]
    public async Task Of_twenty_with_the_same_id_number_exactly_one_is_handed_in()
    {
        var drafts = await SameNumber(house, 20);

        var answers = await Task.WhenAll(drafts.Select(d => d.Submit()));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "id_number_taken"));
    }

    [Fact]
    public async Task Control_without_the_unique_index_several_are_handed_in()
    {
        var own = NewHouse();
        await own.InitializeAsync();
        try
        {
            await own.DropUnique("membership_applications", "open_id_number_index");
            await own.DropIndex("membership_applications", "membership_applications_by_former_id_number");
            var most = 0;
            for (var run = 0; run < 5 && most <= 1; run++)
            {
                var answers = await Task.WhenAll((await SameNumber(own, 5)).Select(d => d.Submit()));
                most = answers.Count(a => a.Status == HttpStatusCode.OK);
            }

            Assert.True(most > 1, "The test above would not notice that the index is gone.");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_answered_alike_and_done_once()
    {
        var draft = await house.Draft("jinsui");
        var (key, body) = (Guid.NewGuid().ToString("N"), new { version = draft.Version });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => draft.Post(Path, body, key)));

        Assert.All(answers, a => Assert.Equal(answers[0].Text, a.MustBe(HttpStatusCode.OK).Text));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE application_id = '{draft.ApplicationId}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'submit_application' AND record_id = '{draft.ApplicationId}'"));
        (await draft.Post(Path, body)).MustBe(HttpStatusCode.Conflict, "application_under_review");
    }

    [Fact]
    public async Task A_repeat_speaks_of_its_own_application_also_when_there_is_a_newer_one()
    {
        var draft = await house.Draft("jinsui");
        var (key, version) = (Guid.NewGuid().ToString("N"), draft.Version);
        (await draft.Submit(key)).MustBe(HttpStatusCode.OK);
        (await draft.Withdraw()).MustBe(HttpStatusCode.NoContent);
        draft.Version = null;
        await draft.FillInAll(await house.UnionId("holding"));
        (await draft.Submit()).MustBe(HttpStatusCode.OK);

        var repeat = (await draft.Post(Path, new { version }, key)).MustBe(HttpStatusCode.OK);

        Assert.Equal("withdrawn", repeat["state"]);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var draft = await house.Draft("jinsui");
        var key = Guid.NewGuid().ToString("N");
        (await draft.Submit(key)).MustBe(HttpStatusCode.OK);
        (await draft.Submit(key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_key_is_needed_and_a_refusal_does_not_use_it_up()
    {
        var draft = await house.Draft("jinsui");
        (await draft.PostWithoutKey(Path, new { version = draft.Version })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await draft.Submit("too-short")).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await draft.Submit(new string('k', 65))).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await draft.Submit("with blanks and more")).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");

        var key = Guid.NewGuid().ToString("N");
        (await draft.Post(Path, new { version = 1 }, key)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await draft.Submit(key)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_old_version_is_told_what_is_there_now()
    {
        var draft = await house.Draft("jinsui");
        var answer = (await draft.Post(Path, new { version = draft.Version - 1 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Equal($"{draft.Version}", answer.Present.Text("version"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":null}""")]
    [InlineData("""{"version":"4"}""")]
    [InlineData("""{"version":4,"more":1}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await (await house.Worker()).SendRaw(HttpMethod.Post, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_applies()
    {
        (await house.Anonymous().Post(Path, new { version = 1 })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Post(Path, new { version = 1 })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private static async Task<Applicant[]> SameNumber(TestHouse house, int count)
    {
        var number = MadeUp.IdNumber();
        var drafts = new Applicant[count];
        for (var i = 0; i < count; i++)
        {
            drafts[i] = await house.Draft(i % 2 == 0 ? "jinsui" : "hongyuan", idNumber: number);
        }

        return drafts;
    }
}
