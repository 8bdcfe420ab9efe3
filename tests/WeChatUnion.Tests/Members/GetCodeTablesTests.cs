using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class GetCodeTablesOnSqlite(SqliteHouse house) : GetCodeTablesTests(house), IClassFixture<SqliteHouse>;

public abstract class GetCodeTablesTests(TestHouse house)
{
    [Fact]
    public async Task Anybody_reads_the_choices_of_the_forms_in_their_order()
    {
        var tables = (await house.Anonymous().Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK).Body.GetProperty("tables");

        var ethnicity = tables.GetProperty("ethnicity");
        Assert.Equal("GB/T 3304", ethnicity.Text("standard"));
        var entries = ethnicity.GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(("01", "汉族"), (entries[0].Text("code"), entries[0].Text("name")));
        Assert.Equal(58, entries.Length);
        Assert.Equal("毛南族", entries[35].Text("name"));
        Assert.Equal(["0", "1", "2", "9"], tables.GetProperty("sex").GetProperty("entries").EnumerateArray().Select(e => e.Text("code")));
    }
}
