using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>Our own typed client for api.weixin.qq.com.</summary>
internal sealed class WeChatClient(WeChatTransport transport, AccessTokens tokens, WeChatSettings settings, TimeProvider clock) : IWeChat
{
    /// <summary>Without it an older check answers, which knows no review.</summary>
    private const int ContentCheckVersion = 2;

    private const int SceneOfProfiles = 1;
    private const int MediaTypeImage = 2;
    private const int NotActiveLately = 61010;

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    public async Task<WeChatAccount> ExchangeLoginCodeAsync(string code, CancellationToken cancellation)
    {
        var answer = await transport.GetAsync<LoginAnswer>(
            "sns/jscode2session?grant_type=authorization_code"
            + $"&appid={Uri.EscapeDataString(settings.AppId)}&secret={Uri.EscapeDataString(settings.AppSecret)}&js_code={Uri.EscapeDataString(code)}",
            cancellation);
        if (!answer.IsSuccess)
        {
            throw transport.Failure(answer);
        }

        return answer.OpenId is { Length: > 0 and <= 64 } openId
            ? new WeChatAccount(settings.AppId, openId, answer.UnionId is { Length: > 0 and <= 64 } unionId ? unionId : null)
            : throw new WeChatException(WeChatFailure.Unavailable);
    }

    public async Task<string> ExchangePhoneCodeAsync(string code, string openId, CancellationToken cancellation)
    {
        // The openid makes the platform refuse a code that belongs to somebody else (trap T14).
        var answer = await WithTokenAsync(
            token => transport.PostAsync<PhoneAnswer>(
                $"wxa/business/getuserphonenumber?access_token={Uri.EscapeDataString(token)}", new { code, openid = openId }, cancellation),
            cancellation);
        if (!answer.IsSuccess)
        {
            throw transport.Failure(answer);
        }

        return PhoneOf(answer.Info);
    }

    public async Task<byte[]> MakeCodeAsync(string scene, string page, CancellationToken cancellation)
    {
        // With a transparent ground the platform answers PNG, which prints sharper than its JPEG.
        var answer = await WithTokenAsync(
            token => transport.PostForImageAsync(
                $"wxa/getwxacodeunlimit?access_token={Uri.EscapeDataString(token)}", new { scene, page, is_hyaline = true }, cancellation),
            cancellation);
        return answer.IsSuccess
            ? answer.Image ?? throw new WeChatException(WeChatFailure.Unavailable)
            : throw transport.Failure(answer);
    }

    public async Task<SubscribeAnswer> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancellation)
    {
        var body = new
        {
            touser = message.OpenId,
            template_id = message.TemplateId,
            page = message.Page,
            data = message.Data.ToDictionary(d => d.Key, d => new { value = d.Value }),
            miniprogram_state = message.MiniProgramState,
            lang = "zh_CN",
        };
        var hasLeft = false;
        try
        {
            var answer = await WithTokenAsync(
                token =>
                {
                    hasLeft = true;
                    return transport.PostAsync<SendAnswer>($"cgi-bin/message/subscribe/send?access_token={Uri.EscapeDataString(token)}", body, cancellation);
                },
                cancellation,
                () => hasLeft = false);
            var result = ResultOf(answer);
            if (result is SubscribeResult.Wrong or SubscribeResult.Banned or SubscribeResult.Busy)
            {
                transport.Failure(answer);
            }

            return new SubscribeAnswer(result, answer.ErrorCode is 0 ? null : answer.ErrorCode, answer.MessageId);
        }
        catch (WeChatException error)
        {
            return new SubscribeAnswer(hasLeft && !error.IsSurelyUndone ? SubscribeResult.Unknown : SubscribeResult.Unreachable, error.ErrorCode);
        }
    }

    public async Task<ContentVerdict> CheckTextAsync(string openId, string text, CancellationToken cancellation)
    {
        try
        {
            var answer = await WithTokenAsync(
                token => transport.PostAsync<ContentAnswer>(
                    $"wxa/msg_sec_check?access_token={Uri.EscapeDataString(token)}",
                    new { content = text, version = ContentCheckVersion, scene = SceneOfProfiles, openid = openId },
                    cancellation),
                cancellation);
            if (!answer.IsSuccess && answer.ErrorCode != NotActiveLately)
            {
                transport.Failure(answer);
            }

            return (answer.IsSuccess, answer.Result?.Suggest) switch
            {
                (false, _) when answer.ErrorCode == NotActiveLately => ContentVerdict.WriterAway,
                (true, "pass") => ContentVerdict.Passed,
                (true, "review") => ContentVerdict.Review,
                (true, "risky") => ContentVerdict.Risky,
                _ => ContentVerdict.Unknown,
            };
        }
        catch (WeChatException)
        {
            return ContentVerdict.Unknown;
        }
    }

    public async Task<ImageAsked> CheckImageAsync(string openId, Uri address, CancellationToken cancellation)
    {
        try
        {
            var answer = await WithTokenAsync(
                token => transport.PostAsync<MediaAnswer>(
                    $"wxa/media_check_async?access_token={Uri.EscapeDataString(token)}",
                    new { media_url = address.AbsoluteUri, media_type = MediaTypeImage, version = ContentCheckVersion, scene = SceneOfProfiles, openid = openId },
                    cancellation),
                cancellation);
            if (!answer.IsSuccess && answer.ErrorCode != NotActiveLately)
            {
                transport.Failure(answer);
            }

            return new ImageAsked(answer.IsSuccess && answer.TraceId is { Length: > 0 and <= 100 } trace && trace.All(char.IsAscii) ? trace : null, answer.ErrorCode == NotActiveLately);
        }
        catch (WeChatException)
        {
            return new ImageAsked(null);
        }
    }

    private static SubscribeResult ResultOf(SendAnswer answer) => answer.ErrorCode switch
    {
        null or 0 => SubscribeResult.Sent,
        43101 => SubscribeResult.NoCredit,
        43107 => SubscribeResult.Banned,
        43108 => SubscribeResult.Concurrent,
        -1 or 45009 or 45011 or 44991 or 40001 or 40014 or 42001 => SubscribeResult.Busy,
        40003 => SubscribeResult.NoSuchPerson,
        _ => SubscribeResult.Wrong,
    };

    /// <summary>One retry with another token, never a loop; a refused token leaves the code unspent.</summary>
    /// <param name="refused">Told when the first token was refused.</param>
    private async Task<T> WithTokenAsync<T>(Func<string, Task<T>> call, CancellationToken cancellation, Action? refused = null)
        where T : WeChatAnswer
    {
        var token = await tokens.GetAsync(cancellation);
        var answer = await call(token);
        if (answer.ErrorCode is not (40001 or 40014 or 42001))
        {
            return answer;
        }

        refused?.Invoke();
        return await call(await tokens.ReplaceAsync(token, cancellation));
    }

    private string PhoneOf(PhoneInfo? info)
    {
        var age = clock.Milliseconds() - (info?.Watermark?.Timestamp * 1000);
        if (info?.Watermark?.AppId != settings.AppId || age is null || Math.Abs(age.Value) > FreshFor.TotalMilliseconds)
        {
            throw new WeChatException(WeChatFailure.Unavailable);
        }

        var country = info.CountryCode.ValueKind == JsonValueKind.Undefined ? "86" : info.CountryCode.ToString();
        return country.TrimStart('+') == "86" && info.PurePhoneNumber is { Length: 11 } phone && phone[0] == '1' && phone.All(char.IsAsciiDigit)
            ? phone
            : throw new WeChatException(WeChatFailure.NotMainlandNumber);
    }
}
