using System.Net;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class SearchUnionsOnSqlite(SqliteHouse house) : SearchUnionsTests(house), IClassFixture<SqliteHouse>;

public sealed class SearchUnionsOnMariaDb(MariaDbHouse house) : SearchUnionsTests(house), IClassFixture<MariaDbHouse>;

public abstract class SearchUnionsTests(TestHouse house)
{
    private const string Path = "/api/v1/union-searches";

    [Theory]
    [InlineData("金穗面粉", "金穗面粉有限公司工会委员会")]
    [InlineData("面粉 金穗", "金穗面粉有限公司工会委员会")]
    [InlineData("面粉　工会", "金穗面粉有限公司工会委员会")]
    [InlineData("新乡县宏远 纺织", "宏远纺织有限公司工会委员会")]
    [InlineData("杏庄村村民委员会", "杏庄村工会委员会")]
    [InlineData("91410721MA90000113", "金穗面粉有限公司工会委员会")]
    [InlineData("91410721ma90000113", "金穗面粉有限公司工会委员会")]
    [InlineData("81410721MC90001235", "宏远纺织有限公司工会委员会")]
    [InlineData("新就业形态", "新乡县新就业形态劳动者联合工会委员会")]
    public async Task All_words_must_occur_in_the_name_of_the_union_or_of_the_employer(string words, string union) =>
        Assert.Equal([union], await Names(words));

    [Theory]
    [InlineData("金穗 纺织")]
    [InlineData("91410721MA90000114")]
    [InlineData("没有这家单位")]
    [InlineData("工会 工会 工会 工会 工会 没有")]
    [InlineData("\\")]
    [InlineData("%%")]
    [InlineData("__")]
    [InlineData("' OR 1=1 --")]
    public async Task What_no_union_has_finds_nothing(string words)
    {
        var worker = await house.Worker();
        var answer = (await worker.Post(Path, new { words = words.PadRight(2, '\\') })).MustBe(HttpStatusCode.OK);
        Assert.Empty(answer.Items);
        Assert.Null(answer.Next);
    }

    [Fact]
    public async Task Percent_and_underscore_mean_themselves()
    {
        await house.NewUnion(name: "百分之100%纯棉工会委员会");
        await house.NewUnion(name: "下_划线工会委员会");

        Assert.Equal(["百分之100%纯棉工会委员会"], await Names("0%纯"));
        Assert.Equal(["下_划线工会委员会"], await Names("下_划"));
        Assert.Empty(await Names("百%棉"));
        Assert.Empty(await Names("下_线"));
    }

    [Fact]
    public async Task Four_byte_characters_are_told_apart()
    {
        await house.NewUnion(name: "𠮷祥食品工会委员会");
        await house.NewUnion(name: "𡈽祥食品工会委员会");

        Assert.Equal(["𠮷祥食品工会委员会"], await Names("𠮷祥"));
        Assert.Equal(["𡈽祥食品工会委员会"], await Names("𡈽祥"));
    }

    [Fact]
    public async Task Latin_letters_are_found_in_either_case_on_every_database()
    {
        await house.NewUnion(name: "ABCde电气工会委员会");
        Assert.Equal(["ABCde电气工会委员会"], await Names("abcDE"));
    }

    [Fact]
    public async Task A_union_that_takes_in_nobody_is_not_found()
    {
        await house.NewUnion(name: "翟坡试验一厂工会委员会", state: UnionState.Dissolved);
        await house.NewUnion(name: "翟坡试验二厂工会委员会", state: UnionState.Preparing);
        await house.NewUnion(name: "翟坡试验三厂工会委员会", state: UnionState.ReElecting);
        await house.NewUnion(name: "翟坡试验四厂工会委员会", state: UnionState.Overdue);

        Assert.Equal(["翟坡试验三厂工会委员会", "翟坡试验四厂工会委员会"], await Names("翟坡试验"));
    }

    [Fact]
    public async Task A_union_is_shown_with_what_a_worker_chooses_by()
    {
        var item = Assert.Single((await (await house.Worker()).Post(Path, new { words = "新就业形态" })).Items);
        Assert.Equal(await house.UnionId("holding"), item.Text("id"));
        Assert.Equal("True", item.Text("isHolding"));
        Assert.Equal("410721", item.Text("divisionCode"));
        Assert.Equal("06", item.Text("type"));
        Assert.Equal(6, item.EnumerateObject().Count());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        for (var i = 0; i < 5; i++)
        {
            await house.NewUnion(name: $"翻页厂{i}工会委员会");
        }

        var worker = await house.Worker();
        var first = (await worker.Post(Path, new { words = "翻页厂", take = 3 })).MustBe(HttpStatusCode.OK);
        var second = (await worker.Post(Path, new { words = "翻页厂", take = 3, after = first.Next })).MustBe(HttpStatusCode.OK);

        Assert.Equal(3, first.Items.Length);
        Assert.Equal(5, first.Ids.Concat(second.Ids).Distinct().Count());
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("""{}""", "words")]
    [InlineData("""{"words":null}""", "words")]
    [InlineData("""{"words":"  "}""", "words")]
    [InlineData("""{"words":"金"}""", "words")]
    [InlineData("""{"words":7}""", "words")]
    [InlineData("""{"words":"金穗","take":0}""", "take")]
    [InlineData("""{"words":"金穗","take":51}""", "take")]
    [InlineData("""{"words":"金穗","take":"3"}""", "take")]
    [InlineData("""{"words":"金穗","after":"x"}""", "after")]
    [InlineData("""{"words":"金穗","more":1}""", "more")]
    [InlineData("""{"words":"金\u0000穗"}""", "words")]
    public async Task A_malformed_search_names_the_field(string body, string field)
    {
        var worker = await house.Worker();
        var answer = (await worker.SendRaw(HttpMethod.Post, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Fact]
    public async Task Sixty_characters_are_the_most()
    {
        var worker = await house.Worker();
        (await worker.Post(Path, new { words = new string('金', 60) })).MustBe(HttpStatusCode.OK);
        (await worker.Post(Path, new { words = new string('金', 61) })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await worker.Post(Path, new { words = string.Join(' ', Enumerable.Repeat("金", 30)) })).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_may_search()
    {
        (await house.Anonymous().Post(Path, new { words = "金穗" })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Post(Path, new { words = "金穗" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private async Task<string[]> Names(string words)
    {
        var answer = (await (await house.Worker()).Post(Path, new { words })).MustBe(HttpStatusCode.OK);
        return [.. answer.Items.Select(i => i.Text("name"))];
    }
}
