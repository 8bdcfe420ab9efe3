using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LinqToDB.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>
/// Sends request after request to a node of its own behind the real web server, and judges each answer. The seed
/// decides every choice; ids and tokens differ from run to run, so a case is told as a line for curl besides.
/// </summary>
internal sealed class FuzzRun(TestHouse house, int seed, IReadOnlyList<Operation> operations) : IAsyncDisposable
{
    private const int ToldAtMost = 60;

    private readonly Random random = new(seed);
    private readonly Pool pool = new();
    private readonly Callers callers = new(house);
    private readonly Dictionary<string, string> faults = [];
    private readonly ConcurrentDictionary<int, int> statuses = new();
    private readonly WebApplicationFactory<Program> node = house.AnotherNode();
    private readonly HashSet<string> canaryRecords = [];
    private HttpClient http = new();
    private string address = "";
    private Values values = null!;
    private Nasty nasty = null!;
    private Judge judge = null!;

    public int Sent { get; private set; }

    /// <summary>Each kind of fault per operation, with the first case.</summary>
    public IReadOnlyDictionary<string, string> Faults => faults;

    public string Figures => $"seed {seed}: {Sent} requests; " + string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key} × {s.Value}"));

    public async Task RunAsync(int requests, TimeSpan atMost)
    {
        await StartAsync();
        var since = Stopwatch.StartNew();
        while (Sent < requests && since.Elapsed < atMost)
        {
            // Each operation as often as any other, in an order of its own each round.
            foreach (var operation in operations.OrderBy(_ => random.Next()).ToArray())
            {
                await ShootAsync(Aim(operation));
                if (Sent % 400 == 0)
                {
                    house.Clock.Advance(TimeSpan.FromMinutes(1));
                }

                if (Sent % 2500 == 0)
                {
                    await callers.GrowAsync();
                }

                if (Sent >= requests || since.Elapsed >= atMost)
                {
                    break;
                }
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartAsync()
    {
        values = new Values(random, pool, house);
        nasty = new Nasty(random);
        node.UseKestrel(k => k.Listen(IPAddress.Loopback, 0));
        node.StartServer();
        address = node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("localhost", "127.0.0.1", StringComparison.Ordinal).TrimEnd('/');
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, UseCookies = false })
        {
            Timeout = TimeSpan.FromSeconds(20),
        };
        await callers.GatherAsync();
        foreach (var canary in callers.Canaries)
        {
            canaryRecords.Add(await house.Text($"SELECT id FROM memberships WHERE person_id = '{canary.PersonId}'"));
        }

        judge = new Judge(callers.Canaries, await TablesAsync());

        // What can be read is read once, so that the first requests know something that exists.
        foreach (var operation in Contract.Operations.Where(o => o.Method == "GET" && !o.Route.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var caller in callers.All.Where(c => operation.Passes.Contains(c.Role)))
            {
                await ShootAsync(new Shot(operation, caller, "GET", operation.Route) { Headers = HeadersOf(caller, null), IsSignedIn = caller.Token is not null, Reached = operation });
            }
        }

        Sent = 0;
        statuses.Clear();
    }

    /// <summary>Names of several words: a single word may well be somebody's text.</summary>
    private async Task<List<string>> TablesAsync()
    {
        await using var db = house.Database.Open();
        var names = await db.QueryToListAsync<string>(house.Database.IsSqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
        return [.. names.Where(n => n.Contains('_', StringComparison.Ordinal))];
    }

    private Shot Aim(Operation operation)
    {
        var passing = callers.All.Where(c => operation.Passes.Contains(c.Role)).ToArray();
        var caller = values.One(passing.Length > 0 && values.Chance(75) ? passing : [.. callers.All]);
        values.Owner = caller.Name;
        values.Special = name => (operation.Route, name) switch
        {
            ("/api/v1/sessions", "code") => house.WeChat.IssueLoginCode(caller.User ?? house.NewUser()),
            ("/api/v1/me/phone", "code") when caller.User is { } user => house.WeChat.IssuePhoneCode(user, MadeUp.PhoneNumber()),
            ("/api/v1/office/me/password", "oldPassword") => TestHouse.StaffPassword,
            (_, "memberNumber") when values.Chance(80) => pool.Any("memberNumber", random),
            _ => null,
        };
        var path = Path(operation);

        // A canary that is bound to another person's WeChat would be that person's own from then on.
        if (operation.Route.EndsWith("wechat-rebindings", StringComparison.Ordinal) && canaryRecords.Contains(values.Owner))
        {
            path = path.Replace(values.Owner, Ids.New(), StringComparison.Ordinal);
        }

        var query = Query(operation, out var oddQuery);
        var headers = HeadersOf(caller, operation);
        var json = operation.RequestSchema is { } schema ? (JsonObject)values.Fitting(operation.Document, schema)! : null;
        var fits = new Shot(operation, caller, operation.Method, path + query)
        {
            Headers = headers,
            Body = json is not null ? Encoding.UTF8.GetBytes(json.ToJsonString()) : operation.RequestFiles.Count > 0 ? NoImage() : null,
            How = oddQuery,
            IsSignedIn = caller.Token is not null,
        };
        var shot = random.Next(100) switch
        {
            < 35 => fits,
            < 75 when json is not null => WithOddBody(fits, json),
            < 75 => fits,
            < 84 => WithOddHeader(fits),
            < 92 => fits with { Target = nasty.Address(path) + query, How = "an odd address" },
            < 97 => fits with { Method = values.One<string>(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X"]), How = "another method" },
            _ => fits with { Target = RouteWithNastyValues(operation) + query, How = "an odd value in the address" },
        };
        return shot with { Reached = ReachedBy(shot) };
    }

    private Shot WithOddBody(Shot shot, JsonObject json)
    {
        if (values.Chance(75))
        {
            var (text, how, mustBeRefused) = nasty.Member(json);
            return shot with { Body = Encoding.UTF8.GetBytes(text), How = how, MustBeRefused = mustBeRefused };
        }

        var (body, what, headers) = nasty.Body(json.ToJsonString());
        var all = new Dictionary<string, string>(shot.Headers);
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        return shot with { Body = body, Headers = all, How = "body: " + what };
    }

    private Shot WithOddHeader(Shot shot)
    {
        var headers = new Dictionary<string, string>(shot.Headers);
        if (values.Chance(40))
        {
            headers["Authorization"] = nasty.Authorization(shot.Caller.Token);
            return shot with { Headers = headers, IsSignedIn = false, How = "an odd Authorization" };
        }

        var (name, value) = nasty.Header();
        headers[name] = value;
        return shot with { Headers = headers, How = $"an odd {name}" };
    }

    private string Path(Operation operation)
    {
        var parts = operation.Route.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].StartsWith('{'))
            {
                var parameter = operation.Parameters.First(p => p.Name == parts[i].Trim('{', '}'));
                parts[i] = parameter.Name switch
                {
                    "id" when values.Id(parts[i - 1]) is { } id => id,
                    _ => Uri.EscapeDataString(values.Text(parameter.Schema, parameter.Name)),
                };
                if (parameter.Name == "id")
                {
                    values.Owner = parts[i];
                }
            }
        }

        return string.Join('/', parts);
    }

    private string RouteWithNastyValues(Operation operation) => Regex.Replace(operation.Route, @"\{\w+\}", _ => nasty.Parameter());

    private string Query(Operation operation, out string how)
    {
        how = "";
        var query = new List<string>();
        foreach (var parameter in operation.Parameters.Where(p => p.In == "query"))
        {
            if (values.Chance(50))
            {
                continue;
            }

            if (values.Chance(30))
            {
                how = $"an odd {parameter.Name}";
                query.Add($"{parameter.Name}={nasty.Parameter()}");
                if (values.Chance(30))
                {
                    query.Add($"{parameter.Name}={nasty.Parameter()}");
                }
            }
            else
            {
                var value = SchemaCheck.Types(parameter.Schema).Contains("string")
                    ? values.Text(parameter.Schema, parameter.Name)
                    : values.Fitting(operation.Document, parameter.Schema, parameter.Name)!.ToJsonString();
                query.Add($"{parameter.Name}={Uri.EscapeDataString(value)}");
            }
        }

        return query.Count == 0 ? "" : "?" + string.Join('&', query);
    }

    private Dictionary<string, string> HeadersOf(FuzzCaller caller, Operation? operation)
    {
        var headers = new Dictionary<string, string>();
        if (caller.Token is { } token)
        {
            headers["Authorization"] = $"Bearer {token}";
        }

        if (operation?.RequestSchema is not null)
        {
            headers["Content-Type"] = "application/json";
        }
        else if (operation?.RequestFiles.Count > 0)
        {
            headers["Content-Type"] = values.One<string>([.. operation.RequestFiles]);
        }

        if (operation?.NeedsKey == true)
        {
            // Now and then a key that was there before.
            headers["Idempotency-Key"] = values.Chance(90) ? $"fuzz-key-{random.NextInt64():x16}" : "fuzz-key-again-and-again";
        }

        return headers;
    }

    /// <summary>Begins like an image as often as not.</summary>
    private byte[] NoImage()
    {
        byte[][] beginnings = [[0xFF, 0xD8, 0xFF, 0xE0], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [.. "RIFF\u0010\0\0\0WEBP"u8], []];
        var rest = new byte[random.Next(2_000)];
        random.NextBytes(rest);
        return [.. values.One<byte[]>(beginnings), .. rest];
    }

    private static Operation? ReachedBy(Shot shot)
    {
        var path = shot.Target.Split('?')[0];
        if (path == shot.Operation.Route && shot.Method == shot.Operation.Method)
        {
            return shot.Operation;
        }

        // As the server reads it: dots taken out, escapes resolved except a slash's. The most specific route wins.
        var read = Uri.UnescapeDataString(new Uri("http://any" + path).AbsolutePath.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
        return Contract.Operations.Where(o => o.Takes(shot.Method, read))
            .OrderBy(o => o.Parameters.Count(p => p.In == "path")).FirstOrDefault();
    }

    private async Task ShootAsync(Shot shot)
    {
        Sent++;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = Request(shot);
                using var answer = await http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, n) => n + 1);
                foreach (var fault in judge.Faults(shot, answer, text))
                {
                    Tell(shot, fault, $"{(int)answer.StatusCode} {text}");
                }

                Learn(shot, answer.StatusCode, text);
                await RenewAsync(shot, answer.StatusCode);
                return;
            }
            catch (HttpRequestException error)
            {
                // A connection that the server closed after refusing a large body may be met once, and a body refused for its size too.
                if (attempt > 0 || shot.Body is { Length: > 256 * 1024 })
                {
                    if (shot.Body is not { Length: > 256 * 1024 })
                    {
                        Tell(shot, "no answer", $"{error.Message} {error.InnerException?.Message}");
                    }

                    return;
                }
            }
            catch (TaskCanceledException)
            {
                Tell(shot, "no answer in 20 s", "");
                return;
            }
        }
    }

    private HttpRequestMessage Request(Shot shot)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(shot.Method), new Uri(address + shot.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = shot.Body is null ? null : new ByteArrayContent(shot.Body),
        };
        foreach (var (name, value) in shot.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.Ordinal))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>Whoever lost her session comes again, and whose rights were changed comes as somebody with the usual ones.</summary>
    private async Task RenewAsync(Shot shot, HttpStatusCode status)
    {
        if (status == HttpStatusCode.Unauthorized && shot.IsSignedIn)
        {
            await shot.Caller.SignInAsync();
        }

        if ((int)status < 300 && shot.Reached?.Route.Contains("/staff-accounts/", StringComparison.Ordinal) == true
            && callers.All.FirstOrDefault(c => c.PersonId.Length > 0 && shot.Target.Contains(c.PersonId, StringComparison.OrdinalIgnoreCase)) is { } changed)
        {
            await changed.SignInAsync();
        }
    }

    private void Learn(Shot shot, HttpStatusCode status, string text)
    {
        // An export names the tables; typed into a form and read back, such a name would look like a leak.
        if ((int)status >= 300 || text.Length == 0 || shot.Reached is not { Route: not "/api/v1/me/export" } operation)
        {
            return;
        }

        var parts = operation.Route.Split('/');
        var owner = operation.Route.Contains("{id}", StringComparison.Ordinal) ? shot.Target.Split('?')[0].Split('/')[Array.IndexOf(parts, "{id}")] : shot.Caller.Name;
        using var body = JsonDocument.Parse(text);
        pool.Learn(parts.Last(p => !p.StartsWith('{')), owner, body.RootElement);
    }

    private void Tell(Shot shot, string fault, string answer)
    {
        var key = $"{shot.Reached?.Name ?? $"{shot.Operation.Name} (not reached)"}: {fault}";
        if (faults.Count < ToldAtMost && !faults.ContainsKey(key))
        {
            var log = answer.StartsWith('5') ? "\n    log: " + house.Log.LastOrDefault(l => l.StartsWith("Error", StringComparison.Ordinal)) : "";
            faults[key] = $"{key}\n    seed {seed}, request {Sent}, as {shot.Caller.Name}\n    {shot.AsCurl()}\n    answered {(answer.Length > 600 ? answer[..600] : answer)}{log}";
        }
    }
}
