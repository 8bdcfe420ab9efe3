using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Operations;

/// <summary>A node that holds few connections and gives up soon.</summary>
public sealed class HurriedProcess : SqliteProcess
{
    public const int Connections = 420;
    public const int RequestSeconds = 3;

    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync()
    {
        var settings = await base.DatabaseSettingsAsync();
        settings["Limits:Connections"] = $"{Connections}";
        settings["Limits:RequestSeconds"] = $"{RequestSeconds}";
        return settings;
    }
}

/// <summary>Size and time of what anybody may send, on a process with real sockets.</summary>
public sealed class LimitsTests(HurriedProcess house) : IClassFixture<HurriedProcess>
{
    private const int Dribblers = 300;

    /// <summary>What Kestrel gives to the head of a request (RequestLimits), and some for a busy machine.</summary>
    private static readonly TimeSpan HeadWithin = TimeSpan.FromSeconds(10 + 20);

    [Fact]
    public async Task Hundreds_who_send_a_byte_now_and_then_are_cut_off_while_the_others_are_served()
    {
        var worker = await house.Worker();
        using var end = new CancellationTokenSource();
        var dribblers = await Task.WhenAll(Enumerable.Range(0, Dribblers).Select(n => DribbleAsync(isBody: n % 2 == 0, end.Token)));
        Assert.Equal(Dribblers, dribblers.Length);

        var slowest = TimeSpan.Zero;
        var served = 0;
        var patience = Stopwatch.StartNew();
        while (dribblers.Any(d => !d.Ended.IsCompleted))
        {
            Assert.True(patience.Elapsed < HeadWithin, $"{dribblers.Count(d => !d.Ended.IsCompleted)} are still there");
            var answers = Enumerable.Range(0, 8).Select(async _ =>
            {
                var start = Stopwatch.GetTimestamp();
                (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
                return Stopwatch.GetElapsedTime(start);
            });
            slowest = new[] { slowest }.Concat(await Task.WhenAll(answers)).Max();
            served += 8;
            await Task.Delay(50);
        }

        await end.CancelAsync();
        Assert.True(served >= 400, $"only {served} were served meanwhile");
        Assert.True(slowest < TimeSpan.FromSeconds(2), $"somebody waited {slowest}");
        var ends = await Task.WhenAll(dribblers.Select(d => d.Ended));
        Assert.All(ends, e => Assert.True(e is "" || e.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || e.StartsWith("HTTP/1.1 503", StringComparison.Ordinal), e));
        Assert.True(house.Api.Complaints().Length == 0, house.Api.Complaints());
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_answered_503_with_a_time_to_come_again()
    {
        house.WeChat.Faults.Delay("/sns/jscode2session", TimeSpan.FromSeconds(RequestTooLong), calls: 1);
        var answer = (await house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode("patient") }))
            .MustBe(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    /// <summary>Every other route takes forms of some pages; the socket itself must know that this one takes more.</summary>
    [Fact]
    public async Task An_upload_may_be_five_megabytes_and_one_that_is_larger_is_told_so()
    {
        var organiser = await house.Staff("organiser", Role.ActivityOrganiser, "zhaipo");
        const string Upload = "/api/v1/office/files?purpose=activity_cover";
        (await organiser.PostFile(Upload, [.. Pictures.Jpeg(), .. new byte[2_000_000]])).MustBe(HttpStatusCode.Created);
        (await organiser.PostFile(Upload, [.. Pictures.Jpeg(), .. new byte[6_000_000]])).MustBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    /// <summary>Fast enough for the data rate, and still too long in all.</summary>
    [Fact]
    public async Task A_body_that_never_ends_is_answered_503()
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Head("POST", "/api/v1/sessions", 200_000));
        var answer = ReadToEndAsync(stream);
        var written = Stopwatch.StartNew();
        while (!answer.IsCompleted && written.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', 200)));
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(100);
        }

        Assert.StartsWith("HTTP/1.1 503", await answer, StringComparison.Ordinal);
        Assert.Contains("temporarily_unavailable", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_or_a_header_that_is_too_long_is_refused()
    {
        Assert.StartsWith("HTTP/1.1 414", await AskAsync(Head("GET", "/" + new string('x', 9_000), 0)), StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 70).Select(n => $"X-{n}: y\r\n"));
        Assert.StartsWith("HTTP/1.1 431", await AskAsync(Head("GET", "/health/live", 0, many)), StringComparison.Ordinal);
    }

    private const int RequestTooLong = HurriedProcess.RequestSeconds + 1;

    private async Task<string> AskAsync(byte[] request)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(request);
        return await ReadToEndAsync(client.GetStream());
    }

    /// <summary>Sends a head or a body byte by byte until it is cut off; ends with what was answered.</summary>
    private async Task<Dribbler> DribbleAsync(bool isBody, CancellationToken end)
    {
        var client = await ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(isBody ? Head("POST", "/api/v1/sessions", 5_000) : Encoding.ASCII.GetBytes("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Word:"), CancellationToken.None);
        return new Dribbler(GoOnAsync());

        async Task<string> GoOnAsync()
        {
            using (client)
            {
                var answer = ReadToEndAsync(stream);
                while (!answer.IsCompleted && !end.IsCancellationRequested)
                {
                    try
                    {
                        // A blank is a fine beginning of a body; in a head it never comes to an end either.
                        await stream.WriteAsync(" "u8.ToArray(), CancellationToken.None);
                    }
                    catch (IOException)
                    {
                        break;
                    }

                    await Task.Delay(500, CancellationToken.None);
                }

                return await answer;
            }
        }
    }

    private static byte[] Head(string method, string path, int length, string more = "") => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}" + (length > 0 ? $"Content-Type: application/json\r\nContent-Length: {length}\r\n" : "") + "\r\n");

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, house.Api.Port);
        return client;
    }

    /// <summary>All that comes until the other side closes; a reset ends it too.</summary>
    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Cut off.
        }

        return text.ToString();
    }

    private sealed record Dribbler(Task<string> Ended);
}
