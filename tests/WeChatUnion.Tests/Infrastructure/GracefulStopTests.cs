using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class GracefulStopOnSqlite(SqliteProcess house) : GracefulStopTests(house), IClassFixture<SqliteProcess>;

public sealed class GracefulStopOnMariaDb(MariaDbProcess house) : GracefulStopTests(house), IClassFixture<MariaDbProcess>;

public abstract class GracefulStopTests(ProcessHouse house)
{
    private const string Login = "/sns/jscode2session";
    private const int UnderWay = 20;

    /// <summary>What the program is given to finish (InfrastructureRegistration).</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stop_answers_what_is_under_way_and_takes_nothing_new()
    {
        house.WeChat.Faults.Delay(Login, TimeSpan.FromSeconds(2), calls: UnderWay);
        var signIns = Enumerable.Range(0, UnderWay)
            .Select(n => house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode($"late-{n}") }))
            .ToArray();
        while (house.WeChat.Calls.Count(c => c.Path == Login) < UnderWay)
        {
            await Task.Delay(10);
        }

        var stopping = house.Api.StopAsync(StopWithin);
        await MustBecomeUnreadyAsync();
        Assert.Contains(signIns, s => !s.IsCompleted);
        var answers = await Task.WhenAll(signIns);

        Assert.Equal(0, await stopping);
        Assert.All(answers, a => a.MustBe(HttpStatusCode.Created));
        Assert.Equal("", house.Api.Complaints());

        // What was answered holds for the next process too.
        await house.Api.StartAsync();
        foreach (var answer in answers)
        {
            (await new Person(house.Api.NewHttp(), answer["token"]).Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        }
    }

    /// <summary>A load balancer sees a refused connection or a 503, and nothing else, while the rest is being answered.</summary>
    private async Task MustBecomeUnreadyAsync()
    {
        for (var look = 0; look < 200; look++)
        {
            try
            {
                using var http = house.Api.NewHttp();
                var ready = await http.GetAsync("/health/ready");
                if (ready.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return;
                }

                Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            }
            catch (HttpRequestException)
            {
                return;
            }

            await Task.Delay(5);
        }

        Assert.Fail("The program stays ready while it stops.");
    }
}
