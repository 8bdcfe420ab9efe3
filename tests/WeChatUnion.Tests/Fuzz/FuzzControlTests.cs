using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>A program with one fault planted before it, on a route that is faultless otherwise.</summary>
public sealed class FaultyHouse : TestHouse
{
    public const string Route = "/api/v1/office/me";

    /// <summary>Answers in the program's place, now and then.</summary>
    public Func<HttpContext, Task>? Fault { get; set; }

    protected override Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override void Configure(IWebHostBuilder host) =>
        host.ConfigureTestServices(s => s.AddSingleton<IStartupFilter>(new Planted(this)));

    private sealed class Planted(FaultyHouse house) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) => house.Fault is { } fault && http.Request.Path == Route && HttpMethods.IsGet(http.Request.Method) ? fault(http) : rest(http));
            next(app);
        };
    }
}

/// <summary>The control of the fuzz: what it must not miss.</summary>
public sealed class FuzzControlTests(FaultyHouse house) : IClassFixture<FaultyHouse>
{
    private const string Whole = """{"personId":"0","displayName":"某","grants":[]}""";

    private static readonly Dictionary<string, Func<HttpContext, Task>> Faults = new()
    {
        ["a crash"] = _ => throw new InvalidOperationException("planted"),
        ["a status that nobody promised"] = http => Say(http, 418, "application/problem+json", """{"status":418,"code":"not_found","detail":"没有","traceId":"0"}"""),
        ["a body that breaks its schema"] = http => Say(http, 200, "application/json", Whole.Replace("[]", "7", StringComparison.Ordinal)),
        ["an exception's text"] = http => Say(http, 400, "application/problem+json", """{"status":400,"code":"malformed","detail":"错误:System.InvalidOperationException","traceId":"0"}"""),
    };

    [Theory]
    [InlineData("a crash", "5xx: 500")]
    [InlineData("a status that nobody promised", "undocumented: 418")]
    [InlineData("a body that breaks its schema", "body: $.grants is Number, not array")]
    [InlineData("an exception's text", "leak: System.InvalidOperationException")]
    public async Task A_planted_fault_is_found(string fault, string told)
    {
        house.Fault = Faults[fault];
        Assert.Contains(await FaultsAsync(), f => f.EndsWith(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_one_the_same_route_is_faultless()
    {
        house.Fault = null;
        Assert.Empty(await FaultsAsync());
    }

    private static Task Say(HttpContext http, int status, string type, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    private async Task<IEnumerable<string>> FaultsAsync()
    {
        await using var run = new FuzzRun(house, FuzzTests.Seed, [.. Contract.Operations.Where(o => o.Name == $"GET {FaultyHouse.Route}")]);
        await run.RunAsync(requests: 60, TimeSpan.FromSeconds(20));
        return run.Faults.Keys;
    }
}
