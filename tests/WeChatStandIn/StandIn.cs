using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WeChatUnion.WeChatStandIn;

/// <summary>
/// Stands in for api.weixin.qq.com on loopback, with the platform's manners and traps (wechat-platform facts,
/// section 5): errors with HTTP 200, text/plain answers, 412 for a body without a length, codes that work once.
/// </summary>
public sealed class StandIn : IAsyncDisposable
{
    /// <summary>Chinese as it is, as the platform writes it.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MostKept = 1000;

    /// <summary>One black pixel as PNG: the stand-in's mini-program codes lead nowhere.</summary>
    private static readonly byte[] Pixel =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    private readonly WebApplication app;
    private readonly StandInOptions options;
    private readonly StandInCodes codes;
    private readonly StandInTokens tokens;
    private readonly ConcurrentQueue<ReceivedCall> calls = new();
    private readonly ConcurrentQueue<string> unexpected = new();
    private readonly ConcurrentQueue<string> secrets = new();

    private StandIn(StandInOptions options)
    {
        this.options = options;
        codes = new StandInCodes(options.Clock);
        tokens = new StandInTokens(options.Clock);
        Texts = new StandInTexts(options.Clock, Error);
        Images = new StandInImages(options.Clock, Texts.WasHere, Error);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "StandIn" });
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.Extensions.Hosting.ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, options.Port));
        app = builder.Build();
        app.Use(HandleAsync);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public StandInFaults Faults { get; } = new();

    public StandInSubscriptions Subscriptions { get; } = new();

    /// <summary>The content check.</summary>
    public StandInTexts Texts { get; }

    /// <summary>The check of images, which speaks later.</summary>
    public StandInImages Images { get; }

    /// <summary>The last thousand calls.</summary>
    public IReadOnlyList<ReceivedCall> Calls => [.. calls];

    /// <summary>Calls that the platform does not know; a test that finds one here fails.</summary>
    public IReadOnlyList<string> Unexpected => [.. unexpected];

    /// <summary>The last thousand session keys and access tokens that were handed out: nobody may find them again.</summary>
    public IReadOnlyList<string> Secrets => [.. secrets];

    public static async Task<StandIn> StartAsync(StandInOptions options, CancellationToken cancellation = default)
    {
        var standIn = new StandIn(options);
        await standIn.app.StartAsync(cancellation);
        standIn.Address = new Uri(standIn.app.Urls.First());
        return standIn;
    }

    public string OpenIdOf(string user) => StandInCodes.OpenIdOf(options.AppId, user);

    /// <summary>What <c>wx.login</c> hands out: five minutes, one use.</summary>
    public string IssueLoginCode(string user) => codes.Issue(CodeKind.Login, user, null);

    /// <summary>What the getPhoneNumber button hands out.</summary>
    public string IssuePhoneCode(string user, string phone) => codes.Issue(CodeKind.Phone, user, phone);

    /// <summary>From now on it pushes its word on images to this program by itself.</summary>
    public void SpeakTo(Uri program, StandInPush push) => Images.Speaker = new StandInSpeaker(program, push, Images, options.Clock);

    public void InvalidateTokenNow() => tokens.InvalidateNow();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value!;
        Remember(calls, new ReceivedCall(http.Request.Method, path));
        if (Faults.Take(path) is { } fault && await FailAsync(http, fault))
        {
            return;
        }

        switch (path)
        {
            case "/sns/jscode2session":
                await LoginAsync(http);
                break;
            case "/cgi-bin/stable_token":
                await PostAsync(http, body => StableToken(body));
                break;
            case "/wxa/business/getuserphonenumber":
                await PostAsync(http, body => PhoneNumber(http, body));
                break;
            case "/wxa/getwxacodeunlimit":
                await PostAsync(http, body => MiniProgramCode(http, body));
                break;
            case "/cgi-bin/message/subscribe/send":
                await SendAsync(http);
                break;
            case "/wxa/msg_sec_check":
                await CheckAsync(http, Texts.Check);
                break;
            case "/wxa/media_check_async":
                await CheckAsync(http, Images.Ask);
                break;
            case "/__ctl/subscriptions" when options.AllowControl:
                await PostAsync(http, Accept);
                break;
            case "/__ctl/sent-messages" when options.AllowControl:
                var openId = OpenIdOf(http.Request.Query["user"].ToString());
                await AnswerAsync(http, Subscriptions.Sent.Where(m => m.OpenId == openId).ToArray());
                break;
            case "/__ctl/login-codes" or "/__ctl/phone-codes" when options.AllowControl:
                await PostAsync(http, body => Issue(path, body));
                break;
            default:
                unexpected.Enqueue($"{http.Request.Method} {path}");
                http.Response.StatusCode = 404;
                break;
        }
    }

    private static async Task<bool> FailAsync(HttpContext http, StandInFaults.Fault fault)
    {
        if (fault.Delay is { } delay)
        {
            await Task.Delay(delay, http.RequestAborted);
            return false;
        }

        if (fault.IsDropped)
        {
            http.Abort();
        }
        else if (fault.IsGarbage)
        {
            await http.Response.WriteAsync("<html>502 Bad Gateway</html>");
        }
        else if (fault.Status is { } status)
        {
            http.Response.StatusCode = status;
        }
        else
        {
            await AnswerAsync(http, Error(fault.ErrorCode!.Value, "fault"));
        }

        return true;
    }

    private async Task LoginAsync(HttpContext http)
    {
        var query = http.Request.Query;
        await AnswerAsync(http, Answer(), "text/plain");

        object Answer()
        {
            if (query["appid"] != options.AppId)
            {
                return Error(query["appid"].Count == 0 ? 41002 : 40013, "invalid appid");
            }

            if (query["secret"] != options.AppSecret)
            {
                return Error(40125, "invalid appsecret");
            }

            if (query["js_code"].ToString() is not { Length: > 0 } code)
            {
                return Error(41008, "missing code");
            }

            if (codes.Take(code, CodeKind.Login, out var wasUsed) is not { } issued)
            {
                return wasUsed ? Error(40163, "code been used") : Error(40029, "invalid code");
            }

            var openid = OpenIdOf(issued.User);
            Texts.Visited(openid);
            var session_key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            Remember(secrets, session_key);
            return options.WithUnionId ? new { openid, session_key, unionid = "u" + openid } : new { openid, session_key };
        }
    }

    private object StableToken(JsonElement body)
    {
        if (Text(body, "appid") != options.AppId)
        {
            return Error(40013, "invalid appid");
        }

        if (Text(body, "secret") != options.AppSecret)
        {
            return Error(40125, "invalid appsecret");
        }

        if (Text(body, "grant_type") != "client_credential")
        {
            return Error(40002, "invalid grant_type");
        }

        var force = body.TryGetProperty("force_refresh", out var value) && value.ValueKind == JsonValueKind.True;
        var (access_token, expires_in) = tokens.Ask(force);
        Remember(secrets, access_token);
        return new { access_token, expires_in };
    }

    private object PhoneNumber(HttpContext http, JsonElement body)
    {
        if (tokens.Check(http.Request.Query["access_token"]) is not 0 and var refused)
        {
            return Error(refused, "invalid credential");
        }

        if (Text(body, "code") is not { Length: > 0 } code
            || codes.Take(code, CodeKind.Phone, out _) is not { } issued
            || (Text(body, "openid") is { } openid && openid != OpenIdOf(issued.User)))
        {
            return Error(40029, "invalid code");
        }

        return new
        {
            errcode = 0,
            errmsg = "ok",
            phone_info = new
            {
                phoneNumber = issued.Phone,
                purePhoneNumber = issued.Phone,
                countryCode = 86,
                watermark = new { timestamp = options.Clock.GetUtcNow().ToUnixTimeSeconds(), appid = options.AppId },
            },
        };
    }

    /// <summary>A picture as it is, or an error as JSON. With a transparent ground it is a PNG, else a JPEG, which nobody here asks for.</summary>
    private object MiniProgramCode(HttpContext http, JsonElement body)
    {
        if (tokens.Check(http.Request.Query["access_token"]) is not 0 and var refused)
        {
            return Error(refused, "invalid credential");
        }

        if (Text(body, "scene") is not { Length: >= 1 and <= 32 } scene || scene.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$&'()*+,/:;=?@-._~".Contains(c, StringComparison.Ordinal)))
        {
            return Error(40129, "invalid scene");
        }

        if (Text(body, "page") is not { Length: > 0 } page || page[0] == '/' || !options.Pages.Contains(page))
        {
            return Error(41030, "invalid page");
        }

        return body.TryGetProperty("is_hyaline", out var clear) && clear.ValueKind == JsonValueKind.True
            ? Pixel
            : Error(40169, "the stand-in draws with is_hyaline only");
    }

    private async Task SendAsync(HttpContext http)
    {
        if (tokens.Check(http.Request.Query["access_token"]) is not 0 and var refused)
        {
            await AnswerAsync(http, Error(refused, "invalid credential"));
            return;
        }

        await PostAsync(http, async body => await Subscriptions.SendAsync(body, Error));
    }

    private async Task CheckAsync(HttpContext http, Func<JsonElement, object> check)
    {
        if (tokens.Check(http.Request.Query["access_token"]) is not 0 and var refused)
        {
            await AnswerAsync(http, Error(refused, "invalid credential"));
            return;
        }

        await PostAsync(http, check);
    }

    private object Accept(JsonElement body)
    {
        var times = body.TryGetProperty("times", out var number) ? number.GetInt32() : 1;
        Subscriptions.Accept(OpenIdOf(Text(body, "user") ?? ""), Text(body, "templateId") ?? "", times);
        return new { times };
    }

    private object Issue(string path, JsonElement body)
    {
        var user = Text(body, "user") ?? "";
        return new { code = path == "/__ctl/login-codes" ? IssueLoginCode(user) : IssuePhoneCode(user, Text(body, "phone") ?? "") };
    }

    private static Task PostAsync(HttpContext http, Func<JsonElement, object> answer) =>
        PostAsync(http, body => Task.FromResult<object?>(answer(body)));

    private static async Task PostAsync(HttpContext http, Func<JsonElement, Task<object?>> answer)
    {
        if (http.Request.Method != HttpMethods.Post)
        {
            await AnswerAsync(http, Error(43002, "require POST method"));
            return;
        }

        if (http.Request.ContentLength is not { } length)
        {
            http.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }

        if (length == 0)
        {
            await AnswerAsync(http, Error(44002, "empty post data"));
            return;
        }

        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        JsonDocument body;
        try
        {
            body = JsonDocument.Parse(await reader.ReadToEndAsync());
        }
        catch (JsonException)
        {
            await AnswerAsync(http, Error(47001, "data format error"));
            return;
        }

        using (body)
        {
            if (await answer(body.RootElement) is { } whole)
            {
                await AnswerAsync(http, whole);
            }
            else
            {
                http.Abort();
            }
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static object Error(int errcode, string message) => new
    {
        errcode,
        errmsg = $"{message} rid: {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}-00000000-00000000",
    };

    private static Task AnswerAsync(HttpContext http, object answer, string contentType = "application/json; encoding=utf-8")
    {
        if (answer is byte[] image)
        {
            http.Response.ContentType = "image/png";
            return http.Response.Body.WriteAsync(image).AsTask();
        }

        http.Response.ContentType = contentType;
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), Plain)).AsTask();
    }

    private static void Remember<T>(ConcurrentQueue<T> kept, T item)
    {
        kept.Enqueue(item);
        while (kept.Count > MostKept)
        {
            kept.TryDequeue(out _);
        }
    }
}

/// <summary>A call that came in.</summary>
public sealed record ReceivedCall(string Method, string Path);
