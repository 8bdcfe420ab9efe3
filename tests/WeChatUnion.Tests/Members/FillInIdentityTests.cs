using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class FillInIdentityOnSqlite(SqliteHouse house) : FillInIdentityTests(house), IClassFixture<SqliteHouse>;

public sealed class FillInIdentityOnMariaDb(MariaDbHouse house) : FillInIdentityTests(house), IClassFixture<MariaDbHouse>;

public abstract class FillInIdentityTests(TestHouse house)
{
    private const string Path = $"{Applicant.Application}/identity";

    [Fact]
    public async Task The_first_step_opens_an_application_and_derives_sex_and_birth()
    {
        var worker = await house.Newcomer(birth: new DateOnly(1988, 2, 29));

        var answer = (await worker.Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.OK);

        Assert.Equal(2, answer.Version);
        var application = await ApplicationOf(worker);
        Assert.Equal("draft", application.Text("state"));
        var form = application.GetProperty("form");
        Assert.Equal(worker.Name, form.Text("name"));
        Assert.Equal("1988-02-29", form.Text("birthOn"));
        Assert.Equal((worker.IdNumber[16] - '0') % 2 == 1 ? "1" : "2", form.Text("sex"));
        Assert.Equal($"410721********{worker.IdNumber[14..]}", form.Text("idNumber"));
    }

    [Theory]
    [InlineData("𠮷山", "𠮷山")]
    [InlineData("阿依夏•买买提", "阿依夏·买买提")]
    [InlineData("　张伟　", "张伟")]
    public async Task A_name_is_kept_as_on_the_document(string typed, string kept)
    {
        var worker = await house.Newcomer();
        (await worker.Put(Path, worker.IdentityStep().With("name", typed))).MustBe(HttpStatusCode.OK);
        Assert.Equal(kept, (await ApplicationOf(worker)).GetProperty("form").Text("name"));
    }

    [Theory]
    [InlineData("name", null)]
    [InlineData("name", "")]
    [InlineData("name", "张")]
    [InlineData("name", "张伟1")]
    [InlineData("name", "张 伟")]
    [InlineData("name", 7)]
    [InlineData("idType", null)]
    [InlineData("idType", "7")]
    [InlineData("idType", "身份证")]
    [InlineData("idNumber", null)]
    [InlineData("idNumber", "410721199003070011")]
    [InlineData("idNumber", "410721199902290017")]
    [InlineData("idNumber", "41072119900307001")]
    [InlineData("idNumber", "1")]
    [InlineData("idValidTo", null)]
    [InlineData("idValidTo", "长期")]
    [InlineData("idValidTo", "2030-02-30")]
    [InlineData("idValidTo", "2030-2-3")]
    [InlineData("ethnicity", null)]
    [InlineData("ethnicity", "57")]
    [InlineData("sex", "3")]
    [InlineData("birthOn", "1990-13-01")]
    [InlineData("version", "2")]
    public async Task A_wrong_value_names_its_field(string field, object? value)
    {
        var worker = await house.Newcomer();
        var answer = (await worker.Put(Path, worker.IdentityStep().With(field, value))).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Fact]
    public async Task A_person_not_yet_born_is_refused()
    {
        var worker = await house.Newcomer(birth: new DateOnly(2027, 3, 1));
        var answer = (await worker.Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal(["idNumber"], answer.WrongFields);
    }

    [Theory]
    [InlineData("3", "H12345678")]
    [InlineData("4", "12345678")]
    [InlineData("5", "E12345678")]
    [InlineData("6", "CHN410712345678")]
    public async Task Another_document_needs_sex_and_birth(string type, string number)
    {
        var worker = await house.Newcomer();
        var step = worker.IdentityStep().With("idType", type).With("idNumber", number).With("name", type is "5" or "6" ? "MARIA SMITH" : "陈美玲");

        Assert.Equal(["sex"], (await worker.Put(Path, step)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        step["sex"] = "2";
        Assert.Equal(["birthOn"], (await worker.Put(Path, step)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        foreach (var wrong in new[] { "2030-01-01", "1899-12-31" })
        {
            Assert.Equal(["birthOn"], (await worker.Put(Path, step.With("birthOn", wrong))).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        step["birthOn"] = "1990-03-07";
        (await worker.Put(Path, step)).MustBe(HttpStatusCode.OK);
        var form = (await ApplicationOf(worker)).GetProperty("form");
        Assert.Equal("1990-03-07", form.Text("birthOn"));
        Assert.Equal("2", form.Text("sex"));
        Assert.DoesNotContain(number, form.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_residence_permit_carries_a_number_of_its_own()
    {
        var worker = await house.Newcomer(idNumber: MadeUp.IdNumber(division: "830000"));

        Assert.Equal(["idNumber"], (await worker.Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await worker.Put(Path, worker.IdentityStep().With("idType", "2"))).MustBe(HttpStatusCode.OK);
        Assert.NotEqual("", (await ApplicationOf(worker)).GetProperty("form").Text("birthOn"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("5")]
    [InlineData("6")]
    public async Task A_residents_number_under_another_document_is_refused(string type)
    {
        var worker = await house.Newcomer();
        var step = worker.IdentityStep().With("idType", type).With("sex", "1").With("birthOn", "1990-03-07");
        Assert.Equal(["idNumber"], (await worker.Put(Path, step)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task A_repeat_is_answered_like_the_first_time_whatever_version_it_names()
    {
        var worker = await house.Newcomer();
        var first = (await worker.Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.OK);
        var repeat = (await worker.Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.OK);
        var late = (await worker.Put(Path, worker.IdentityStep().With("version", 77))).MustBe(HttpStatusCode.OK);

        Assert.Equal([first.Version, first.Version], new[] { repeat.Version, late.Version });
    }

    [Fact]
    public async Task A_change_on_an_old_version_is_told_what_is_there_now()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("identity", worker.IdentityStep());
        await worker.FillIn("identity", worker.IdentityStep().With("ethnicity", "03"));

        foreach (var old in new int?[] { null, 1, 2, 4 })
        {
            var answer = (await worker.Put(Path, worker.IdentityStep().With("version", old).With("ethnicity", "11")))
                .MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
            Assert.Equal("3", answer.Present.Text("version"));
            Assert.Equal("draft", answer.Present.Text("state"));
        }
    }

    [Fact]
    public async Task Of_two_phones_that_change_at_once_exactly_one_wins()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("identity", worker.IdentityStep());

        var answers = await Task.WhenAll(Enumerable.Range(1, 10).Select(i =>
            worker.Put(Path, worker.IdentityStep().With("ethnicity", $"{i + 10}"))));

        var won = Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal(3, won.Version);
        foreach (var lost in answers.Where(a => a != won))
        {
            lost.MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
            Assert.Equal("3", lost.Present.Text("version"));
        }

        Assert.Equal($"{Array.IndexOf(answers, won) + 11}", (await ApplicationOf(worker)).GetProperty("form").Text("ethnicity"));
    }

    [Fact]
    public async Task Ten_first_steps_at_once_open_one_application()
    {
        var worker = await house.Newcomer();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => worker.Put(Path, worker.IdentityStep())));

        Assert.All(answers, a => Assert.Equal(2, a.MustBe(HttpStatusCode.OK).Version));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM membership_applications WHERE person_id = '{worker.PersonId}'"));
    }

    [Fact]
    public async Task Somebody_elses_draft_is_never_touched()
    {
        var member = await house.Newcomer();
        var stranger = await house.Newcomer();
        await member.FillIn("identity", member.IdentityStep());
        await stranger.FillIn("identity", stranger.IdentityStep());

        Assert.Equal(member.Name, (await ApplicationOf(member)).GetProperty("form").Text("name"));
        Assert.DoesNotContain(member.Name, (await stranger.Get("/api/v1/me/membership")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_under_review_and_as_a_member_nothing_is_changed()
    {
        var applicant = await house.Applicant("jinsui");
        (await applicant.Put(Path, applicant.IdentityStep())).MustBe(HttpStatusCode.Conflict, "application_under_review");

        await house.Approve(applicant);
        (await applicant.Put(Path, applicant.IdentityStep().With("ethnicity", "03"))).MustBe(HttpStatusCode.Conflict, "already_member");
    }

    [Fact]
    public async Task The_number_is_stored_sealed()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("identity", worker.IdentityStep());

        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM member_records WHERE person_id = '{worker.PersonId}' AND id_number_sealed NOT LIKE '%{worker.IdNumber}%'"));
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_applies()
    {
        var worker = await house.Newcomer();
        (await house.Anonymous().Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Put(Path, worker.IdentityStep())).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"name\":{}}")]
    public async Task A_malformed_body_is_refused(string body) =>
        (await (await house.Worker()).SendRaw(HttpMethod.Put, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");

    private static async Task<System.Text.Json.JsonElement> ApplicationOf(Person worker) =>
        (await worker.Get("/api/v1/me/membership")).MustBe(HttpStatusCode.OK).Body.GetProperty("application");
}
