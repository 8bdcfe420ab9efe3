using System.Globalization;
using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

public sealed class FiguresOnSqlite(SqliteHouse house) : FiguresTests(house), IClassFixture<SqliteHouse>;

public sealed class FiguresOnMariaDb(MariaDbHouse house) : FiguresTests(house), IClassFixture<MariaDbHouse>;

public abstract class FiguresTests(TestHouse house)
{
    private const string Figures = "/api/v1/office/employment-figures";

    [Fact]
    public async Task What_was_offered_and_what_came_of_it_is_counted_for_the_firms_in_reach()
    {
        var (clerk, _, account) = await house.Firm();
        var (many, one) = (house.Vacancy("统计打包工"), house.Vacancy("统计文员"));
        (many["headcount"], one["occupation"], one["headcount"]) = (8, "3-01", 2);
        var (manyId, oneId) = (await house.Offered(clerk, many), await house.Offered(clerk, one));
        var paths = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var worker = (await house.JobSeeker()).Worker;
            var vacancy = i < 6 ? manyId : oneId;
            var path = $"/api/v1/office/vacancy-applications/{(await worker.Put($"{Firms.Seen}/{vacancy}/application", new { disclosesResume = true })).MustBe(HttpStatusCode.OK)["id"]}";
            (await clerk.Post($"{path}/acceptance", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
            if (i > 0)
            {
                paths.Add(path);
                (await clerk.Post($"{path}/hiring", new { version = 2, contractOn = Day(0) })).MustBe(HttpStatusCode.NoContent);
            }
        }

        (await (await house.Worker()).Post($"{Firms.Seen}/{oneId}/complaints", new { kind = "other", text = "电话打不通" })).MustBe(HttpStatusCode.Created);
        var answer = (await (await house.Officer()).Get($"{Figures}?from={Day(-1)}&until={Day(0)}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(
            ("1 2 10", "8 8 7", "1 0", "True"),
            ($"{answer["employers"]} {answer["vacancies"]} {answer["posts"]}", $"{answer["applications"]} {answer["intentions"]} {answer["hired"]}", $"{answer["complaints"]} {answer["complaintsLate"]}", answer["hasWithheld"]));

        // Two clerks of 大类 3 might be recognised, and the five of 大类 6 would give them away.
        Assert.All(answer.Body.GetProperty("byOccupation").EnumerateArray(), o => Assert.Equal("", o.Text("hired")));
        var elsewhere = (await (await house.Officer("zhaipo")).Get($"{Figures}?from={Day(-1)}&until={Day(0)}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("0 0   0", $"{elsewhere["employers"]} {elsewhere["posts"]} {elsewhere["applications"]} {elsewhere["hired"]} {elsewhere["complaints"]}");
        Assert.Equal("0", (await (await house.Officer()).Get($"{Figures}?from={Day(-9)}&until={Day(-8)}"))["vacancies"]);
        foreach (var query in new[] { "", "?from=2026-11-02&until=2026-11-01", "?from=2020-01-01&until=2026-11-01", "?from=0001-01-01&until=0001-01-02" })
        {
            (await (await house.Officer()).Get(Figures + query)).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        // What was recorded by mistake counts no more, of two neither is told, and five who are accepted again are no new intentions.
        house.Clock.Advance(TimeSpan.FromDays(1));
        clerk = await account.SignIn();
        foreach (var path in paths.Take(5))
        {
            (await clerk.Post($"{path}/hiring-correction", new { version = 3, reason = "did_not_start" })).MustBe(HttpStatusCode.NoContent);
        }

        var corrected = (await (await house.Officer()).Get($"{Figures}?from={Day(-1)}&until={Day(0)}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("8", ""), (corrected["intentions"], corrected["hired"]));
        async Task<string> Intentions() => (await (await house.Officer()).Get($"{Figures}?from={Day(0)}&until={Day(0)}"))["intentions"];
        Assert.Equal("", await Intentions());
        using (house.Guards.Off("AND s.reason IS NULL "))
        {
            Assert.Equal("5", await Intentions());
        }
    }

    private string Day(int days) => house.Clock.GetUtcNow().AddHours(8).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
