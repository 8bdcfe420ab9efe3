using System.Net;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class FillInWorkOnSqlite(SqliteHouse house) : FillInWorkTests(house), IClassFixture<SqliteHouse>;

public sealed class FillInWorkOnMariaDb(MariaDbHouse house) : FillInWorkTests(house), IClassFixture<MariaDbHouse>;

public abstract class FillInWorkTests(TestHouse house)
{
    private const string Path = $"{Applicant.Application}/work";

    [Fact]
    public async Task The_worker_chooses_her_employers_union()
    {
        var worker = await house.Newcomer();
        var jinsui = await house.UnionId("jinsui");

        (await worker.FillIn("work", worker.WorkStep(jinsui))).MustBe(HttpStatusCode.OK);

        var application = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application");
        Assert.Equal(jinsui, application.GetProperty("union").Text("id"));
        Assert.Equal("新乡县某某有限公司", application.GetProperty("form").Text("employerName"));
        Assert.Equal("操作工", application.GetProperty("form").Text("post"));
    }

    [Fact]
    public async Task Another_union_alone_is_a_change_too()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("work", worker.WorkStep(await house.UnionId("jinsui")));
        var version = worker.Version;

        (await worker.FillIn("work", worker.WorkStep(await house.UnionId("holding")))).MustBe(HttpStatusCode.OK);

        Assert.Equal(version + 1, worker.Version);
        (await worker.Put(Path, worker.WorkStep(await house.UnionId("jinsui")).With("version", version))).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
    }

    [Theory]
    [InlineData(UnionState.Dissolved)]
    [InlineData(UnionState.Preparing)]
    public async Task A_union_that_takes_in_nobody_cannot_be_chosen(UnionState state)
    {
        var worker = await house.Newcomer();
        var union = await house.UnionId(await house.NewUnion(state: state));
        (await worker.Put(Path, worker.WorkStep(union))).MustBe(HttpStatusCode.Conflict, "union_not_open");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application").ValueKind);
    }

    [Fact]
    public async Task A_union_that_is_nowhere_cannot_be_chosen()
    {
        var worker = await house.Newcomer();
        (await worker.Put(Path, worker.WorkStep(new string('0', 32)))).MustBe(HttpStatusCode.Conflict, "union_not_open");
    }

    [Theory]
    [InlineData("unionId", null)]
    [InlineData("unionId", "jinsui")]
    [InlineData("unionId", "0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("employerName", null)]
    [InlineData("employerName", "厂")]
    [InlineData("employmentStatus", "8")]
    [InlineData("employmentStatus", null)]
    [InlineData("employmentForm", "0")]
    [InlineData("employmentForm", null)]
    [InlineData("newFormOfEmployment", "7")]
    [InlineData("newFormOfEmployment", null)]
    [InlineData("newFormOfEmployment", 1)]
    [InlineData("version", -0.5)]
    public async Task A_wrong_value_names_its_field(string field, object? value)
    {
        var worker = await house.Newcomer();
        var step = worker.WorkStep(await house.UnionId("jinsui")).With(field, value);
        Assert.Equal([field], (await worker.Put(Path, step)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task Texts_have_their_longest_length()
    {
        var worker = await house.Newcomer();
        var step = worker.WorkStep(await house.UnionId("jinsui"));
        foreach (var (field, most) in new[] { ("employerName", 120), ("department", 60), ("post", 60) })
        {
            Assert.Equal([field], (await worker.Put(Path, step.With(field, new string('厂', most + 1)))).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
            step[field] = new string('厂', most);
        }

        (await worker.Put(Path, step)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_phones_on_different_steps_do_not_overwrite_each_other()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("identity", worker.IdentityStep());
        var union = await house.UnionId("jinsui");

        var answers = await Task.WhenAll(
            worker.Put(Path, worker.WorkStep(union)), worker.Put($"{Applicant.Application}/profile", worker.ProfileStep()));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Single(answers, a => a.Code == "changed_meanwhile");
    }

    [Fact]
    public async Task While_under_review_and_as_a_member_nothing_is_changed()
    {
        var applicant = await house.Applicant("jinsui");
        var step = applicant.WorkStep(await house.UnionId("hongyuan"));
        (await applicant.Put(Path, step)).MustBe(HttpStatusCode.Conflict, "application_under_review");

        await house.Approve(applicant);
        (await applicant.Put(Path, step)).MustBe(HttpStatusCode.Conflict, "already_member");
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_applies()
    {
        var worker = await house.Newcomer();
        var step = worker.WorkStep(await house.UnionId("jinsui"));
        (await house.Anonymous().Put(Path, step)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Put(Path, step)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
