using System.Net;
using System.Text;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Operations;

public sealed class TelemetryOnSqlite(MeasuredSqlite house) : TelemetryTests(house, house.Collector, house.Port), IClassFixture<MeasuredSqlite>;

public sealed class TelemetryOnMariaDb(MeasuredMariaDb house) : TelemetryTests(house, house.Collector, house.Port), IClassFixture<MeasuredMariaDb>
{
    private readonly MeasuredMariaDb house = house;

    protected override async Task MustAlsoBeMeasuredAsync()
    {
        house.Redis.Kill();
        (await (await house.Worker()).Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        for (var look = 0; look < 40 && !(await MetricsAsync()).Contains("wechat_union_redis_away_total", StringComparison.Ordinal); look++)
        {
            // For a moment the agent is given what the one before was given.
            await Task.Delay(100);
        }

        var metrics = await MetricsAsync();
        Assert.Matches(@"wechat_union_redis_away_total(\{[^}]*\})? [1-9]", metrics);
        Assert.Contains("db_client_connections_usage", metrics, StringComparison.Ordinal);
    }

    protected override IEnumerable<string> MoreSpans => ["Execute", "Open"];
}

public sealed class MeasuredSqlite : SqliteProcess
{
    public Collector Collector { get; private set; } = null!;

    public int Port { get; } = ServerProgram.FreePort();

    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync()
    {
        Collector = await Collector.StartAsync();
        return TelemetryTests.Measured(await base.DatabaseSettingsAsync(), Collector, Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MeasuredMariaDb : MariaDbProcess
{
    public Collector Collector { get; private set; } = null!;

    public int Port { get; } = ServerProgram.FreePort();

    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync()
    {
        Collector = await Collector.StartAsync();
        return TelemetryTests.Measured(await base.DatabaseSettingsAsync(), Collector, Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What leaves the program as measurement or trace, read where it arrives.</summary>
public abstract class TelemetryTests(ProcessHouse house, Collector collector, int port)
{
    private static readonly Papers Ann = new("measured-1", "𠮷龘麤靐", MadeUp.IdNumber(), "13987660001");

    private readonly List<Canary> canaries =
    [
        new("name", Ann.Name), new("ID number", Ann.IdNumber), new("phone", Ann.Phone), new("WeChat user", "openid-of-measured-1"),
    ];

    protected virtual IEnumerable<string> MoreSpans => [];

    public static Dictionary<string, string> Measured(Dictionary<string, string> settings, Collector collector, int port)
    {
        settings["Telemetry:PrometheusPort"] = $"{port}";
        settings["Telemetry:OtlpEndpoint"] = collector.Address;
        settings["Telemetry:TracedShare"] = "1";
        return settings;
    }

    [Fact]
    public async Task Measurements_and_traces_tell_what_the_program_does_and_nothing_about_anybody()
    {
        await LiveAsync();
        var metrics = await MetricsAsync();
        Assert.All(
            [
                "http_server_request_duration_seconds_bucket", "http_route=\"/api/v1/me/\"", "kestrel_", "dotnet_gc_",
                "wechat_union_wechat_call_duration_seconds_count", "call=\"sns/jscode2session\"", "call=\"wxa/business/getuserphonenumber\"",
                "call=\"cgi-bin/stable_token\"", "wechat_union_periodic_run_duration_seconds_count", "task=\"seal_audit\"",
                "wechat_union_deliveries_waiting", "wechat_union_deliveries_parked", "wechat_union_deliveries_delay",
            ],
            words => Assert.True(metrics.Contains(words, StringComparison.Ordinal), $"{words} is missing"));
        await MustAlsoBeMeasuredAsync();
        metrics += await MetricsAsync();

        Assert.Equal(0, await house.Api.StopAsync(TimeSpan.FromSeconds(30)));
        Assert.All(
            ["/api/v1/me", "POST /api/v1/sessions", "WeChat sns/jscode2session", "wechat-union", .. MoreSpans],
            words => Assert.True(collector.Names("/v1/traces", words), $"{words} is missing in the traces"));
        Assert.True(collector.Names("/v1/metrics", "http.server.request.duration"));

        canaries.AddRange(house.WeChat.Secrets.Select(s => new Canary("session key or access token of WeChat", s)));
        canaries.AddRange(house.Settings.Where(s => s.Key is "WeChat:AppSecret" or "WeChat:AppId" or "Privacy:FieldKeys:k1" or "Privacy:IndexKey")
            .Select(s => new Canary(s.Key, s.Value)));
        var search = new CanarySearch(canaries);
        Find[] found =
        [
            .. search.In("metrics", Encoding.UTF8.GetBytes(metrics)),
            .. search.In("traces", collector.Taken("/v1/traces")),
            .. search.In("sent metrics", collector.Taken("/v1/metrics")),
        ];
        Assert.True(found.Length == 0, string.Join('\n', found.Distinct()));
    }

    protected virtual Task MustAlsoBeMeasuredAsync() => Task.CompletedTask;

    /// <summary>As an agent reads them.</summary>
    protected async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
    }

    private string Plant(string what, string text)
    {
        canaries.Add(new Canary(what, text));
        return text;
    }

    private async Task LiveAsync()
    {
        var code = Plant("login code", house.WeChat.IssueLoginCode(Ann.User));
        var session = (await house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code })).MustBe(HttpStatusCode.Created);
        var ann = new Person(house.Api.NewHttp(), Plant("token", session["token"]));
        Plant("person", session["personId"]);
        await Ann.ApplyAsync(house, ann);
        (await ann.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        (await ann.PostWithoutKey("/api/v1/union-searches", new { words = Ann.Name })).MustBe(HttpStatusCode.OK);

        var officer = await house.Staff("measured-officer", Role.MembershipOfficer, "zhaipo");
        var found = await officer.Post("/api/v1/office/member-searches", new { idNumber = Ann.IdNumber, reason = Plant("reason", "核实入会申请人的离婚证") });
        var application = Plant("application", found.MustBe(HttpStatusCode.OK).Items.Single().GetProperty("applicationId").GetString()!);
        var path = $"/api/v1/office/membership-applications/{application}";
        var note = Plant("note", "电话里她说正在住院手术犇犇");
        (await officer.Post($"{path}/contacts", new { way = "phone", contactedAt = DateTimeOffset.UtcNow, note })).MustBe(HttpStatusCode.Created);
        (await officer.Post($"{path}/return", new { version = (await officer.Get(path)).Version, reason = Plant("return", "单位名称与离婚证不符犇") }))
            .MustBe(HttpStatusCode.NoContent);
        await MustArriveAsync(ann);

        // A caller's own words, wherever she can put them.
        using var http = house.Api.NewHttp();
        using var request = new HttpRequestMessage(new HttpMethod(Plant("method", "VERMILIONMETHOD")), $"/{Ann.Phone}/{Ann.IdNumber}?name={Uri.EscapeDataString(Ann.Name)}");
        request.Headers.Host = Plant("host", "vermilion-host.example");
        request.Headers.Add("User-Agent", Plant("agent", "vermilion-agent/1"));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "x=" + Plant("trace state", "vermilion-trace-state"));
        request.Headers.Add("baggage", "x=" + Plant("baggage", "vermilion-baggage"));
        using var refused = await http.SendAsync(request);
        Assert.False(refused.IsSuccessStatusCode);

        await FailWithWordsOfTheDatabaseAsync();
    }

    /// <summary>The unexpected, with a message that quotes what it should not.</summary>
    private async Task FailWithWordsOfTheDatabaseAsync()
    {
        var words = Plant("message of an exception", "vermilion-message-of-the-database");
        await house.Execute(house.Settings["Database:Kind"] == "sqlite"
            ? $"CREATE TRIGGER control BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, '{words}'); END"
            : $"CREATE TRIGGER control BEFORE INSERT ON sessions FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{words}'");
        (await house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode("failing") }))
            .MustBe(HttpStatusCode.InternalServerError, "server_fault");
        await house.Execute("DROP TRIGGER control");
    }

    private static async Task MustArriveAsync(Person worker)
    {
        for (var look = 0; look < 200; look++)
        {
            if ((await worker.Get("/api/v1/me/messages")).Items.Length > 0)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The message did not arrive.");
    }
}
