using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class FillInProfileOnSqlite(SqliteHouse house) : FillInProfileTests(house), IClassFixture<SqliteHouse>;

public sealed class FillInProfileOnMariaDb(MariaDbHouse house) : FillInProfileTests(house), IClassFixture<MariaDbHouse>;

public abstract class FillInProfileTests(TestHouse house)
{
    private const string Path = $"{Applicant.Application}/profile";

    [Fact]
    public async Task Everything_that_was_filled_in_is_shown_again()
    {
        var worker = await house.Newcomer();
        var step = worker.ProfileStep();

        (await worker.FillIn("profile", step)).MustBe(HttpStatusCode.OK);

        var form = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("form");
        foreach (var (field, value) in step.Where(s => s.Key != "version"))
        {
            Assert.Equal($"{value}", form.Text(field));
        }
    }

    [Fact]
    public async Task Only_the_education_is_needed()
    {
        var worker = await house.Newcomer();
        (await worker.Put(Path, new { education = "81" })).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("education", null)]
    [InlineData("education", "99")]
    [InlineData("politicalStatus", "14")]
    [InlineData("householdType", "4")]
    [InlineData("householdDivision", "4107")]
    [InlineData("householdDivision", "41072a")]
    [InlineData("homeDivision", "410721")]
    [InlineData("homeDivision", "410721999")]
    [InlineData("homeDivision", "410721102999")]
    [InlineData("isMigrant", "yes")]
    [InlineData("skillLevel", "9")]
    [InlineData("technicalTitle", "0")]
    [InlineData("modelWorker", "7")]
    public async Task A_wrong_value_names_its_field(string field, object? value)
    {
        var worker = await house.Newcomer();
        Assert.Equal([field], (await worker.Put(Path, worker.ProfileStep().With(field, value))).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }

    [Fact]
    public async Task What_is_left_out_is_taken_away()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("profile", worker.ProfileStep());
        (await worker.FillIn("profile", new() { ["version"] = worker.Version, ["education"] = "31" })).MustBe(HttpStatusCode.OK);

        var form = (await worker.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("form");
        Assert.Equal("", form.Text("isMigrant"));
        Assert.Equal("", form.Text("homeDivision"));
    }

    [Fact]
    public async Task A_change_on_an_old_version_is_told_what_is_there_now()
    {
        var worker = await house.Newcomer();
        await worker.FillIn("profile", worker.ProfileStep());

        var answer = (await worker.Put(Path, worker.ProfileStep().With("version", 1).With("education", "10"))).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");

        Assert.Equal($"{worker.Version}", answer.Present.Text("version"));
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_applies()
    {
        (await house.Anonymous().Put(Path, new { education = "31" })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Put(Path, new { education = "31" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
