using System.Net;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class ListUnionsOnSqlite(SqliteHouse house) : ListUnionsTests(house), IClassFixture<SqliteHouse>;

public sealed class ListUnionsOnMariaDb(MariaDbHouse house) : ListUnionsTests(house), IClassFixture<MariaDbHouse>;

public abstract class ListUnionsTests(TestHouse house)
{
    [Fact]
    public async Task A_town_shows_its_own_unions_and_those_of_its_villages()
    {
        var names = (await (await house.Worker()).Get("/api/v1/unions?division=410721102")).MustBe(HttpStatusCode.OK)
            .Items.Select(i => i.Text("name"));
        Assert.Equal(["小冀镇总工会", "宏远纺织有限公司工会委员会", "杏庄村工会委员会"], names);
    }

    [Fact]
    public async Task A_village_shows_only_its_own() =>
        Assert.Equal(
            ["杏庄村工会委员会"],
            (await (await house.Worker()).Get("/api/v1/unions?division=410721102209")).Items.Select(i => i.Text("name")));

    [Fact]
    public async Task A_division_without_unions_is_empty() =>
        Assert.Empty((await (await house.Worker()).Get("/api/v1/unions?division=410782")).MustBe(HttpStatusCode.OK).Items);

    [Fact]
    public async Task The_county_comes_in_pages_without_gap_or_repetition()
    {
        var worker = await house.Worker();
        var all = (await worker.Get("/api/v1/unions?division=410721&take=50")).MustBe(HttpStatusCode.OK);
        Assert.Null(all.Next);

        var seen = new List<string>();
        var after = "";
        while (after is not null)
        {
            var page = (await worker.Get($"/api/v1/unions?division=410721&take=4{after}")).MustBe(HttpStatusCode.OK);
            Assert.True(page.Items.Length <= 4);
            seen.AddRange(page.Ids);
            after = page.Next is { } mark ? $"&after={mark}" : null;
        }

        Assert.Equal(all.Ids, seen);
        Assert.Contains(await house.UnionId("holding"), seen);
    }

    [Fact]
    public async Task Twenty_are_shown_when_nothing_is_said()
    {
        for (var i = 0; i < 21; i++)
        {
            await house.NewUnion(parent: "hehe", division: "410721200");
        }

        var page = (await (await house.Worker()).Get("/api/v1/unions?division=410721200")).MustBe(HttpStatusCode.OK);
        Assert.Equal(20, page.Items.Length);
        Assert.NotNull(page.Next);
    }

    [Fact]
    public async Task A_union_that_takes_in_nobody_is_not_listed()
    {
        await house.NewUnion(parent: "guguzhai", state: UnionState.Dissolved, division: "410721105");
        await house.NewUnion(parent: "guguzhai", state: UnionState.Preparing, division: "410721105");
        var open = await house.NewUnion(parent: "guguzhai", state: UnionState.Overdue, division: "410721105");

        var listed = (await (await house.Worker()).Get("/api/v1/unions?division=410721105")).Ids;
        Assert.Equal([await house.UnionId("guguzhai"), await house.UnionId(open)], listed);
    }

    [Theory]
    [InlineData("", "division")]
    [InlineData("?division=", "division")]
    [InlineData("?division=41072110", "division")]
    [InlineData("?division=41072110x", "division")]
    [InlineData("?division=４１０７２１", "division")]
    [InlineData("?division=%25", "division")]
    [InlineData("?division=410721&take=0", "take")]
    [InlineData("?division=410721&take=51", "take")]
    [InlineData("?division=410721&after=x", "after")]
    [InlineData("?division=410721&after=0123456789ABCDEF0123456789ABCDEF", "after")]
    public async Task A_malformed_question_names_the_field(string query, string field)
    {
        var answer = (await (await house.Worker()).Get("/api/v1/unions" + query)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Theory]
    [InlineData("?division=410721&take=many")]
    [InlineData("?division=410721&take=99999999999")]
    public async Task A_number_that_is_none_is_refused(string query) =>
        (await (await house.Worker()).Get("/api/v1/unions" + query)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_may_look()
    {
        (await house.Anonymous().Get("/api/v1/unions?division=410721")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Get("/api/v1/unions?division=410721")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }
}
