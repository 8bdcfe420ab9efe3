using System.Globalization;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>
/// The access token by stable_token, whose normal mode hands every node the same token (wechat-platform.md 2). One
/// request at a time per process; kept until five minutes before its end, when the platform renews it.
/// </summary>
internal sealed class AccessTokens(WeChatTransport transport, WeChatSettings settings, ICounters counters, TimeProvider clock) : IDisposable
{
    /// <summary>Forced renewals: the platform allows 20 a day and one in 30 seconds.</summary>
    private const int MostForcedADay = 18;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim one = new(1, 1);
    private (string Token, long Until)? held;
    private int failures;
    private WeChatException? lastFailure;

    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        if (Living() is { } token)
        {
            return token;
        }

        return await OneAtATimeAsync(async () => Living() ?? await AskAsync(force: false, cancellation), cancellation);
    }

    /// <summary>
    /// A token in place of one that WeChat refused: the one held by now if it is another, else what normal mode
    /// answers, else, when that is the same again, a forced one within the platform's limits.
    /// </summary>
    public Task<string> ReplaceAsync(string refused, CancellationToken cancellation) => OneAtATimeAsync(
        async () =>
        {
            if (Living() is { } token && token != refused)
            {
                return token;
            }

            held = null;
            var fresh = await AskAsync(force: false, cancellation);
            return fresh != refused ? fresh : await ForceAsync(cancellation);
        },
        cancellation);

    public void Dispose() => one.Dispose();

    /// <summary>Whoever waited while another asked in vain shares that answer: a crowd asks once, also when the platform says no.</summary>
    private async Task<string> OneAtATimeAsync(Func<Task<string>> ask, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref failures);
        await one.WaitAsync(cancellation);
        try
        {
            if (failures != before && Living() is null)
            {
                throw lastFailure!;
            }

            return await ask();
        }
        catch (WeChatException failure) when (failure != lastFailure)
        {
            lastFailure = failure;
            failures++;
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    private string? Living() => held is { } h && h.Until > clock.Milliseconds() ? h.Token : null;

    private async Task<string> ForceAsync(CancellationToken cancellation)
    {
        var date = clock.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        if (await counters.CountAsync("wechat-forced-recently", BetweenForced) > 1
            || await counters.CountAsync("wechat-forced-" + date, Day) > MostForcedADay)
        {
            held = null;
            throw new WeChatException(WeChatFailure.Unavailable);
        }

        return await AskAsync(force: true, cancellation);
    }

    private async Task<string> AskAsync(bool force, CancellationToken cancellation)
    {
        var answer = await transport.PostAsync<TokenAnswer>(
            "cgi-bin/stable_token",
            new { grant_type = "client_credential", appid = settings.AppId, secret = settings.AppSecret, force_refresh = force },
            cancellation);
        if (!answer.IsSuccess)
        {
            throw transport.Failure(answer);
        }

        if (answer is not { AccessToken: { Length: > 0 } token, ExpiresIn: { } seconds })
        {
            throw new WeChatException(WeChatFailure.Unavailable);
        }

        // In its last five minutes the platform has a newer one: asking again each minute then finds it.
        var keep = seconds > 360 ? seconds - 300 : Math.Min(60, seconds);
        held = (token, clock.Milliseconds() + (keep * 1000L));
        return token;
    }
}
