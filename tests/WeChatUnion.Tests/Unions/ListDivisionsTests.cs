using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class ListDivisionsOnSqlite(SqliteHouse house) : ListDivisionsTests(house), IClassFixture<SqliteHouse>;

public sealed class ListDivisionsOnMariaDb(MariaDbHouse house) : ListDivisionsTests(house), IClassFixture<MariaDbHouse>;

public abstract class ListDivisionsTests(TestHouse house)
{
    [Fact]
    public async Task The_county_has_its_towns_and_its_park()
    {
        var towns = (await (await house.Worker()).Get("/api/v1/divisions/410721/divisions")).MustBe(HttpStatusCode.OK).Items;
        Assert.Equal(
            ["翟坡镇", "小冀镇", "七里营镇", "朗公庙镇", "古固寨镇", "大召营镇", "合河乡", "新乡经济开发区"], towns.Select(t => t.Text("name")));
        Assert.Equal("park", towns[^1].Text("kind"));
        Assert.Equal("410721101", towns[0].Text("code"));
    }

    [Theory]
    [InlineData("410721102", 1)]
    [InlineData("4107", 12)]
    [InlineData("99", 0)]
    public async Task Each_division_has_those_directly_below(string code, int count) =>
        Assert.Equal(count, (await (await house.Worker()).Get($"/api/v1/divisions/{code}/divisions")).MustBe(HttpStatusCode.OK).Items.Length);

    [Theory]
    [InlineData("x")]
    [InlineData("4107211022091")]
    [InlineData("%25")]
    public async Task A_mistyped_code_is_not_there(string code) =>
        (await (await house.Worker()).Get($"/api/v1/divisions/{code}/divisions")).MustBe(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Nobody_looks_without_signing_in() =>
        (await house.Anonymous().Get("/api/v1/divisions/410721/divisions")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
}
