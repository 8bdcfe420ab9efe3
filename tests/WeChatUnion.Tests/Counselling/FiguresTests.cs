using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Counselling.Figures;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class FiguresOnSqlite(SqliteHouse house) : FiguresTests(house), IClassFixture<SqliteHouse>;

public sealed class FiguresOnMariaDb(MariaDbHouse house) : FiguresTests(house), IClassFixture<MariaDbHouse>;

public abstract class FiguresTests(TestHouse house)
{
    private const string Figures = "/api/v1/office/counselling-figures";

    [Fact]
    public async Task A_month_is_told_once_it_is_over_without_what_tells_of_a_few_and_never_changes()
    {
        var (counsellor, at) = (await house.Counsellor(week: Practice.Week(from: "00:00", until: "24:00")), house.In(2, "01:00"));
        var talks = new List<string>();
        foreach (var (union, count) in new[] { ("jinsui", 5), ("hongyuan", 2), ("tianlan", 3), ("zhaipo", 1) })
        {
            for (var i = 0; i < count; i++)
            {
                var session = (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created);
                await house.MakeMember(session["personId"], union, "1", "1990-05-01");
                var client = new Person(house.NewHttp(), session["token"]);
                await client.Agree();
                talks.Add(await client.Book(counsellor.Id, at.AddHours(talks.Count)));
            }
        }

        house.Clock.Advance(at.AddHours(13) - house.Clock.GetUtcNow());
        counsellor = await house.SignIn(counsellor);
        foreach (var talk in talks[..^1])
        {
            (await counsellor.Person.Put($"/api/v1/office/talks/{talk}/completion", new { version = 2 })).MustBe(HttpStatusCode.OK);
        }

        await To("2026-12-03T23:59:59.999+08:00");
        (await (await house.Supervisor()).Get($"{Figures}?month=2026-11")).MustBe(HttpStatusCode.Conflict, "month_open");
        await To("2026-12-04T00:00:00+08:00");
        var chair = await house.Staff(Role.UnionChair, "county");

        // Published by the program on its day, also when nobody asks.
        await house.Services.GetRequiredService<PublishFigures>().RunAsync(CancellationToken.None);
        await house.Services.GetRequiredService<PublishFigures>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await house.Number("SELECT COUNT(*) FROM counselling_figures WHERE month = '2026-11'"));
        var told = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => chair.Get($"{Figures}?month=2026-11")));
        Assert.Single(told.Select(t => t.MustBe(HttpStatusCode.OK).Text).Distinct());
        var month = told[0].Body.GetProperty("figures");
        Assert.Equal(("10", "10"), (month.Text("talks"), month.Text("people")));
        Assert.Equal(
            [("七里营镇总工会", "", ""), ("小冀镇总工会", "", ""), ("翟坡镇总工会", "5", "5")],
            month.GetProperty("byUnion").EnumerateArray().Select(u => (u.Text("name"), u.Text("talks"), u.Text("people"))).OrderBy(u => u.Item1, StringComparer.Ordinal));
        Assert.Equal("", month.Text("crises"));
        Assert.InRange(month.GetProperty("waitingDays").GetDouble(), 1.5, 2.5);

        // Written down too late: the month stands as it was told.
        counsellor = await house.SignIn(counsellor);
        (await counsellor.Person.Put($"/api/v1/office/talks/{talks[^1]}/completion", new { version = 2 })).MustBe(HttpStatusCode.OK);
        Assert.Equal(told[0].Text, (await (await house.Supervisor()).Get($"{Figures}?month=2026-11")).MustBe(HttpStatusCode.OK).Text);
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Get($"{Figures}?month=2026-11")).MustBe(HttpStatusCode.NotFound);
        foreach (var wrong in new[] { "", "?month=2026-13", "?month=9999-12" })
        {
            Assert.Equal(["month"], (await chair.Get(Figures + wrong)).MustBe(HttpStatusCode.BadRequest).WrongFields);
        }
    }

    private Task To(string instant)
    {
        house.Clock.Advance(DateTimeOffset.Parse(instant, null) - house.Clock.GetUtcNow());
        return Task.CompletedTask;
    }
}
