using System.Diagnostics;
using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

/// <summary>On servers of its own, which the tests kill.</summary>
public sealed class OutageHouse : TestHouse, IAsyncDisposable
{
    public MariaDbServer Server { get; private set; } = null!;

    public RedisServer Redis { get; private set; } = null!;

    protected override async Task<Dictionary<string, string>> SettingsAsync()
    {
        Server = await MariaDbServer.StartOwnAsync();
        Redis = await RedisServer.StartOwnAsync();
        return new Dictionary<string, string>
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = Server.ConnectionString(await Server.CreateDatabaseAsync()),
            ["Redis:Connection"] = Redis.Endpoint,
        };
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
        await Redis.DisposeAsync();
    }
}

public sealed class OutageTests(OutageHouse house) : IClassFixture<OutageHouse>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task With_Redis_lost_nobody_notices_and_with_Redis_back_neither()
    {
        var before = await house.Worker();
        (await before.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);

        house.Redis.Kill();

        var during = await house.Worker();
        await UseEverything(during);
        await UseEverything(before);
        Assert.Equal("away", (await house.Anonymous().Get("/health/ready")).MustBe(HttpStatusCode.OK)["redis"]);
        var signedOut = await house.Worker();
        (await signedOut.Delete("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.NoContent);
        (await signedOut.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

        await house.Redis.StartAsync();

        await UseEverything(before);
        await Until(async () => (await house.Anonymous().Get("/health/ready"))["redis"] == "connected");
        await UseEverything(during);
        await UseEverything(await house.Worker());
        (await signedOut.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task With_the_database_lost_everybody_is_asked_to_come_back_and_with_it_back_all_goes_on()
    {
        var worker = await house.Worker();
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);

        house.Server.Kill();

        var refused = (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        var signIn = (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.NotNull(signIn.Response.Headers.RetryAfter);
        (await house.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name = "x", password = "y" })).MustBe(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await new Person(house.NewHttp(), new string('t', 43)).Get("/api/v1/me")).MustBe(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Equal("live", (await house.Anonymous().Get("/health/live")).MustBe(HttpStatusCode.OK).Text);
        Assert.Equal("database", (await house.Anonymous().Get("/health/ready")).MustBe(HttpStatusCode.ServiceUnavailable)["cause"]);

        await house.Server.StartAsync();

        await Until(async () => (await house.Anonymous().Get("/health/ready")).Status == HttpStatusCode.OK);
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        await UseEverything(await house.Worker());
    }

    private static async Task UseEverything(Person worker)
    {
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        (await worker.PostWithoutKey("/api/v1/union-searches", new { words = "纺织" })).MustBe(HttpStatusCode.OK);
        (await worker.Get("/api/v1/me/sessions")).MustBe(HttpStatusCode.OK);
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(waited.Elapsed < Patience, "it did not recover");
            await Task.Delay(50);
        }
    }
}
