using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Tests.House;

/// <summary>
/// The matrix of routes × roles: <c>routes.csv</c> beside this file says who passes each route (anonymous, worker,
/// staff for every role, or roles by name), and every route is called as everybody.
/// </summary>
public sealed partial class RoutesTests(SqliteHouse house) : IClassFixture<SqliteHouse>
{
    private const string Anonymous = "anonymous";
    private const string Worker = "worker";
    private static readonly string[] Roles = [.. Enum.GetValues<Role>().Select(Word)];

    private readonly ConcurrentDictionary<string, Person> people = new();

    [Fact]
    public void Every_route_is_declared_and_every_declared_route_is_there()
    {
        var running = Endpoints().SelectMany(e => Methods(e).Select(m => $"{m} {Pattern(e)}")).Order(StringComparer.Ordinal).ToArray();
        var declared = Declared().Select(d => $"{d.Method} {d.Route}").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(declared, running);
    }

    [Fact]
    public async Task Every_route_lets_pass_exactly_whom_the_matrix_names()
    {
        var faults = new List<string>();
        foreach (var (method, route, passes) in Declared())
        {
            foreach (var who in (string[])[Anonymous, Worker, .. Roles])
            {
                var answer = await Call(method, route, who);
                var expected = passes.Contains(who) ? "passes"
                    : who == Anonymous ? "401 sign_in_needed"
                    : "403 not_allowed";
                var got = answer.Code is "sign_in_needed" or "not_allowed" || answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    ? $"{(int)answer.Status} {answer.Code}"
                    : (int)answer.Status >= 500 ? $"{(int)answer.Status}" : "passes";
                if (got != expected)
                {
                    faults.Add($"{method} {route} as {who}: expected {expected}, got {got}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_route_names_a_policy_or_is_anonymous_on_purpose() => Assert.Empty(
        Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<IAuthorizeData>()?.Policy is null)
            .Select(Pattern));

    [Fact]
    public void Every_POST_takes_an_idempotency_key_or_says_why_not()
    {
        string[] exempt =
        [
            "/api/v1/activities/{id:id}/check-ins",
            "/api/v1/me/employer-registrations/{id:id}/set-up-links",
            "/api/v1/me/rebinding-codes",
            "/api/v1/office/activities/{id:id}/attendance-exports",
            "/api/v1/office/activities/{id:id}/ballot-rounds",
            "/api/v1/office/activities/{id:id}/ballot-rounds/{roundId:id}/closing",
            "/api/v1/office/activities/{id:id}/ballot-rounds/{roundId:id}/voiding",
            "/api/v1/office/activities/{id:id}/broadcast-checks",
            "/api/v1/office/activities/{id:id}/check-ins",
            "/api/v1/office/activities/{id:id}/enrolment-searches",
            "/api/v1/office/invitation-acceptances",
            "/api/v1/office/invitation-checks",
            "/api/v1/office/member-code-checks",
            "/api/v1/office/member-searches",
            "/api/v1/office/sessions",
            "/api/v1/office/staff-accounts/{id:id}/enabling",
            "/api/v1/office/staff-accounts/{id:id}/reset-links",
            "/api/v1/office/staff-invitations",
            "/api/v1/office/unions/{id:id}/broadcast-checks",
            "/api/v1/office/unmaskings",
            "/api/v1/office/vacancy-text-checks",
            "/api/v1/sessions",
            "/api/v1/union-searches",
            "/api/v1/wechat-push",
        ];
        var posts = Endpoints().Where(e => Methods(e).Contains("POST")).ToArray();

        Assert.Equal(exempt, posts.Where(e => e.Metadata.GetMetadata<IdempotencyExemption>() is { Reason.Length: > 10 }).Select(Pattern).Order(StringComparer.Ordinal));
        Assert.All(posts, e => Assert.True(TakesKey(e) != exempt.Contains(Pattern(e)), Pattern(e)));
        Assert.All(
            Endpoints().Where(e => !Methods(e).Contains("POST")),
            e => Assert.Equal(e.Metadata.GetMetadata<IdempotencyDemand>() is not null, TakesKey(e)));
    }

    [Fact]
    public void No_route_needs_a_method_that_the_mini_program_lacks() =>
        Assert.All(Endpoints().SelectMany(Methods), m => Assert.Contains(m, (string[])["GET", "POST", "PUT", "DELETE"]));

    private static IEnumerable<(string Method, string Route, string[] Passes)> Declared() =>
        File.ReadLines(Path.Combine(Sources.Root, "tests", "WeChatUnion.Tests", "House", "routes.csv"))
            .Skip(1)
            .Select(line =>
            {
                // The route may hold a comma itself.
                var (first, last) = (line.IndexOf(',', StringComparison.Ordinal), line.LastIndexOf(','));
                var passes = line[(last + 1)..].Split(' ').SelectMany(p => p == "staff" ? Roles : [p]).ToArray();
                Assert.All(passes, p => Assert.Contains(p, (string[])[Anonymous, Worker, .. Roles]));
                return (line[..first], line[(first + 1)..last], passes);
            });

    private static IEnumerable<string> Methods(RouteEndpoint e) => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];

    private static string Pattern(RouteEndpoint e) => "/" + e.RoutePattern.RawText!.Trim('/');

    private static bool TakesKey(RouteEndpoint e) =>
        e.Metadata.GetMetadata<System.Reflection.MethodInfo>() is { } handle
        && handle.GetParameters().Any(p => p.ParameterType == typeof(IdempotencyKey));

    private static string Word(Role role) => WordBreak().Replace(role.ToString(), "_$1").ToLowerInvariant();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex WordBreak();

    [GeneratedRegex(@"\{(\w+)[^/]*\}")]
    private static partial Regex RouteValue();

    private IEnumerable<RouteEndpoint> Endpoints() =>
        house.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not null);

    private async Task<Answer> Call(string method, string route, string who)
    {
        var person = await PersonOf(who);
        var path = RouteValue().Replace(route, m => m.Groups[1].Value switch
        {
            "id" or "personId" or "unionId" or "enrolmentId" or "valueId" or "groupId" or "roundId" or "matchId" or "reportId" or "fileId" => new string('0', 32),
            "code" => "410721",
            "documentName" => "worker",
            _ => "membership",
        });
        if (method == "DELETE" && path.EndsWith("/sessions", StringComparison.Ordinal) || path.EndsWith("/current", StringComparison.Ordinal))
        {
            people.TryRemove(who, out _);
        }

        return method is "GET" or "DELETE"
            ? method == "GET" ? await person.Get(path) : await person.Delete(path)
            : await person.SendRaw(new HttpMethod(method), path, "{}");
    }

    private async Task<Person> PersonOf(string who)
    {
        if (!people.TryGetValue(who, out var person))
        {
            person = who switch
            {
                Anonymous => house.Anonymous(),
                Worker => await house.Worker(),
                _ => await house.Staff(Enum.GetValues<Role>().Single(r => Word(r) == who), "county"),
            };
            people[who] = person;
        }

        return person;
    }
}
