using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

public sealed class SearchOnSqlite(SqliteHouse house, ITestOutputHelper output) : SearchTests(house, output), IClassFixture<SqliteHouse>;

public sealed class SearchOnMariaDb(MariaDbHouse house, ITestOutputHelper output) : SearchTests(house, output), IClassFixture<MariaDbHouse>;

/// <summary>Every answer of the search against one that is worked out by looking at each vacancy in turn.</summary>
public abstract class SearchTests(TestHouse house, ITestOutputHelper output)
{
    private static readonly string[] Titles = ["包装工", "挡车工", "數控車床操作工", "会计", "保洁员", "叉车司机", "质检员", "客服专员", "厨师", "焊工"];
    private static readonly string[] Duties = ["负责产品包装和码垛", "看护织布机,处理断头", "操作ＣＮＣ加工零件", "记账报税", "打扫车间卫生", "装卸货物", "检验纸箱质量", "接听电话", "做大锅饭", "焊接钢结构"];
    private static readonly string[] Towns = ["410721101", "410721102", "410721103", "410721102209"];
    private static readonly string[] Trades = ["6-31", "6-04", "4-02", "3-01", "2-02"];
    private static readonly string[] Words = ["工", "包装", "数控", "數控", "车", "織布", "cnc", "小冀", "和顺", "箱", "员 质", "工 小冀", "纸箱 检", "没有的词", "電", "司机"];

    private static readonly string[] Bands = ["under_3000", "from_3000", "from_4000", "from_5000", "from_6000", "from_8000"];

    [Fact]
    public async Task Every_answer_is_what_looking_at_each_vacancy_gives()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (_, employerId, _) = await house.Firm();
        await house.Fill(employerId, Enumerable.Range(0, 300).Select(_ => (Pick(random, Titles), Pick(random, Duties), Pick(random, Towns), Pick(random, Trades), random.NextInt64(25, 95) * 10_000)));
        var all = await Looking.AllAsync(house);
        for (var i = 0; i < 150; i++)
        {
            var ask = new Looking.Ask(
                random.Next(5) == 0 ? null : Pick(random, Words), random.Next(3) == 0 ? Pick(random, Towns) : null, random.Next(3) == 0 ? Pick(random, Trades)[..random.Next(1, 5)] : null, random.Next(3) == 0 ? Pick(random, Bands) : null);
            Assert.Equal(Looking.Answer(all, ask), await Looking.AskAsync(house, ask));
        }
    }

    [Fact]
    public async Task The_comparison_sees_an_index_that_misses_a_word()
    {
        // The control: a node whose copy is behind says less than there is.
        var (_, employerId, _) = await house.Firm();
        var before = await Looking.AllAsync(house);
        await house.Fill(employerId, [("漏掉的岗位", "负责漏掉", "410721101", "6-31", 400_000)]);
        var ask = new Looking.Ask("漏掉", null, null, null);
        Assert.NotEqual(Looking.Answer(before, ask), await Looking.AskAsync(house, ask));
        Assert.Equal(Looking.Answer(await Looking.AllAsync(house), ask), await Looking.AskAsync(house, ask));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat()
    {
        var (_, employerId, _) = await house.Firm();
        await house.Fill(employerId, Enumerable.Range(0, 57).Select(i => (i % 3 == 0 ? "翻页工" : "普通工", "负责翻页", "410721101", "6-31", 400_000L)));
        var (seen, after) = (new List<string>(), (string?)null);
        do
        {
            var page = (await house.Anonymous().Get($"{Firms.Seen}?q=翻页&take=10{(after is null ? "" : $"&after={after}")}")).MustBe(HttpStatusCode.OK);
            seen.AddRange(page.Ids);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(57, seen.Count);
        Assert.Equal(57, seen.Distinct().Count());
        Assert.Equal((await house.Anonymous().Get($"{Firms.Seen}?q=翻页&take=50")).Ids, seen.Take(50));
    }

    [Theory]
    [InlineData("?q=工&take=0")]
    [InlineData("?pay=many")]
    [InlineData("?form=casual")]
    [InlineData("?town=zhaipo")]
    [InlineData("?after=x")]
    [InlineData("?after=1-2-3-4")]
    public async Task What_cannot_be_asked_is_refused(string query) =>
        (await house.Anonymous().Get(Firms.Seen + query)).MustBe(HttpStatusCode.BadRequest, "malformed");

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
