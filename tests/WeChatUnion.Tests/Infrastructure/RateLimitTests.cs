using System.Net;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

/// <summary>Few requests a minute, behind one trusted proxy.</summary>
public sealed class StrictHouse : TestHouse
{
    protected override async Task<Dictionary<string, string>> SettingsAsync()
    {
        var server = await MariaDbServer.SharedAsync();
        var redis = await RedisServer.SharedAsync();
        return new Dictionary<string, string>
        {
            ["Database:Kind"] = "mysql",
            ["Database:ConnectionString"] = server.ConnectionString(await server.CreateDatabaseAsync()),
            ["Redis:Connection"] = redis.NewDatabase(),
        };
    }

    protected override void Adjust(Dictionary<string, string> settings)
    {
        settings["RateLimits:PerPerson"] = "10";
        settings["RateLimits:PerAddress"] = "20";
        settings["RateLimits:SearchesPerPerson"] = "3";
        settings["Proxy:TrustedAddresses:0"] = "10.0.0.2";
        settings["Proxy:TrustedAddresses:1"] = "10.9.0.0/16";
    }

    protected override void Configure(Microsoft.AspNetCore.Hosting.IWebHostBuilder host) => FromAddress.Install(host);
}

public sealed class RateLimitTests(StrictHouse house) : IClassFixture<StrictHouse>
{
    [Fact]
    public async Task A_person_who_asks_too_often_waits_and_others_do_not()
    {
        var (busy, calm) = (await Worker("192.0.2.1"), await Worker("192.0.2.1"));
        for (var request = 0; request < 10; request++)
        {
            (await busy.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        }

        var refused = (await busy.Get("/api/v1/me")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(TimeSpan.FromSeconds(60), refused.Response.Headers.RetryAfter?.Delta);
        (await calm.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromSeconds(60));
        (await busy.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_session_of_the_same_person_gains_nothing()
    {
        var user = house.NewUser();
        Person[] phones = [await Worker("192.0.2.2", user), await Worker("192.0.2.3", user)];
        for (var request = 0; request < 10; request++)
        {
            (await phones[request % 2].Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        }

        (await phones[0].Get("/api/v1/me")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await phones[1].Get("/api/v1/me")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task An_address_without_a_session_is_counted_for_itself()
    {
        await Exhaust("192.0.2.4");
        (await From("192.0.2.4").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await From("192.0.2.5").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
        (await From("::ffff:192.0.2.4").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task The_addresses_of_one_IPv6_subscriber_count_together()
    {
        await Exhaust("2001:db8:1:2::1");
        (await From("2001:db8:1:2:ffff:ffff:ffff:ffff").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await From("2001:db8:1:3::1").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_signed_in_person_is_not_held_up_by_her_address()
    {
        var worker = await Worker("192.0.2.6");
        await Exhaust("192.0.2.6");
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Costly_routes_are_counted_over_all_nodes()
    {
        var worker = await Worker("192.0.2.7");
        using var elsewhere = house.AnotherNode().CreateClient();
        elsewhere.DefaultRequestHeaders.Add(FromAddress.Header, "192.0.2.7");
        var there = new Person(elsewhere, worker.Token);
        var search = new { words = "纺织" };
        (await worker.PostWithoutKey("/api/v1/union-searches", search)).MustBe(HttpStatusCode.OK);
        (await there.PostWithoutKey("/api/v1/union-searches", search)).MustBe(HttpStatusCode.OK);
        (await there.PostWithoutKey("/api/v1/union-searches", search)).MustBe(HttpStatusCode.OK);

        var refused = (await worker.PostWithoutKey("/api/v1/union-searches", search)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.NotNull(refused.Response.Headers.RetryAfter);
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_forged_header_from_elsewhere_changes_nothing()
    {
        var forger = From("192.0.2.8", "203.0.113.1");
        await Exhaust("192.0.2.8");
        (await forger.Get("/api/v1/code-tables")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await From("203.0.113.1").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
        Assert.Equal("192.0.2.9", await AuditedAddress("192.0.2.9", "203.0.113.2"));
    }

    [Fact]
    public async Task A_trusted_proxy_says_who_is_calling()
    {
        for (var request = 0; request < 20; request++)
        {
            (await From("10.0.0.2", "203.0.113.3").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
        }

        (await From("10.0.0.2", "203.0.113.3").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await From("10.0.0.2", "203.0.113.4").Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
        Assert.Equal("203.0.113.5", await AuditedAddress("10.0.0.2", "203.0.113.5"));
    }

    [Theory]
    [InlineData("198.51.100.1, 203.0.113.6", "203.0.113.6")]
    [InlineData("198.51.100.1, 203.0.113.7, 10.9.3.4", "203.0.113.7")]
    [InlineData("not an address", "10.0.0.2")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    public async Task Behind_the_proxies_the_first_that_is_none_of_them_is_the_caller(string forwarded, string audited) =>
        Assert.Equal(audited, await AuditedAddress("10.0.0.2", forwarded));

    private static int Requests => 20;

    private async Task Exhaust(string address)
    {
        for (var request = 0; request < Requests; request++)
        {
            await From(address).Get("/api/v1/code-tables");
        }
    }

    /// <summary>What the audit says when somebody agrees to a text from there.</summary>
    private async Task<string> AuditedAddress(string address, string forwarded)
    {
        var signIn = await From(address, forwarded).PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode(house.NewUser()) });
        var worker = From(address, forwarded, signIn.MustBe(HttpStatusCode.Created)["token"]);
        var text = await worker.Get("/api/v1/consent-texts/membership");
        (await worker.Put("/api/v1/me/consents/membership", new { version = text.Version, textHash = text["textHash"] })).MustBe(HttpStatusCode.OK);
        return await house.Text($"SELECT address FROM audit_entries WHERE person_id = '{signIn["personId"]}'");
    }

    private async Task<Person> Worker(string address, string? user = null)
    {
        var code = house.WeChat.IssueLoginCode(user ?? house.NewUser());
        var signIn = (await From(address).PostWithoutKey("/api/v1/sessions", new { code })).MustBe(HttpStatusCode.Created);
        return From(address, null, signIn["token"]);
    }

    private Person From(string address, string? forwarded = null, string? token = null)
    {
        var http = house.NewHttp();
        http.DefaultRequestHeaders.Add(FromAddress.Header, address);
        if (forwarded is not null)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        }

        return new Person(http, token);
    }
}

/// <summary>With the limits that the program has by itself.</summary>
public sealed class HallHouse : TestHouse
{
    protected override Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override void Adjust(Dictionary<string, string> settings)
    {
        settings.Remove("RateLimits:PerPerson");
        settings.Remove("RateLimits:PerAddress");
        settings.Remove("RateLimits:SearchesPerPerson");
    }

    protected override void Configure(Microsoft.AspNetCore.Hosting.IWebHostBuilder host) => FromAddress.Install(host);
}

public sealed class HallTests(HallHouse house) : IClassFixture<HallHouse>
{
    [Fact]
    public async Task A_hall_of_three_hundred_behind_one_address_signs_in_without_a_refusal()
    {
        var http = house.NewHttp();
        http.DefaultRequestHeaders.Add(FromAddress.Header, "192.0.2.200");
        await Parallel.ForAsync(0, 300, async (_, _) =>
        {
            var anybody = new Person(http, null);
            (await anybody.Get("/api/v1/consent-texts/membership")).MustBe(HttpStatusCode.OK);
            (await anybody.Get("/api/v1/code-tables")).MustBe(HttpStatusCode.OK);
            var session = await anybody.PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode(house.NewUser()) });
            (await new Person(http, session.MustBe(HttpStatusCode.Created)["token"]).Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        });
    }
}

public sealed class LocalCacheTests
{
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new(TestHouse.Start);

    [Fact]
    public async Task A_window_begins_with_its_first_event_and_ends_by_the_clock()
    {
        var counters = new LocalCache(clock);
        Assert.Equal(1, await counters.CountAsync("a", TimeSpan.FromMinutes(1)));
        clock.Advance(TimeSpan.FromSeconds(59.999));
        Assert.Equal(2, await counters.CountAsync("a", TimeSpan.FromMinutes(1)));
        Assert.Equal(1, await counters.CountAsync("b", TimeSpan.FromMinutes(1)));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await counters.CountAsync("a", TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Counts_of_many_at_once_are_all_different()
    {
        var counters = new LocalCache(clock);
        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => counters.CountAsync("a", TimeSpan.FromMinutes(1)).AsTask())));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), counts.Order());
    }
}

/// <summary>What holds for the cache in the process and for Redis alike.</summary>
public sealed class CacheTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_final_value_stays_while_it_lives(bool isRedis)
    {
        var cache = await NewCache(isRedis);
        await cache.SetUnlessAsync("k", "first", TimeSpan.FromMinutes(1), "ended");
        await cache.SetUnlessAsync("k", "second", TimeSpan.FromMinutes(1), "ended");
        Assert.Equal("second", await cache.GetAsync("k"));
        await cache.SetAsync("k", "ended", TimeSpan.FromMinutes(1));
        await cache.SetUnlessAsync("k", "third", TimeSpan.FromMinutes(1), "ended");
        await cache.AddAsync("k", "fourth", TimeSpan.FromMinutes(1));
        Assert.Equal("ended", await cache.GetAsync("k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Adding_keeps_what_is_there(bool isRedis)
    {
        var cache = await NewCache(isRedis);
        Assert.Null(await cache.GetAsync("k"));
        await cache.AddAsync("k", "first", TimeSpan.FromMinutes(1));
        await cache.AddAsync("k", "second", TimeSpan.FromMinutes(1));
        Assert.Equal("first", await cache.GetAsync("k"));
    }

    private static async Task<ICache> NewCache(bool isRedis) => isRedis
        ? new RedisCache(new CacheSettings { Connection = (await RedisServer.SharedAsync()).NewDatabase() }, TimeProvider.System)
        : new LocalCache(TimeProvider.System);
}
