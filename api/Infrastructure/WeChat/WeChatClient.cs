using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>Our own typed client for api.weixin.qq.com.</summary>
internal sealed class WeChatClient(WeChatTransport transport, AccessTokens tokens, WeChatSettings settings, TimeProvider clock) : IWeChat
{
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

    /// <summary>One retry with another token, never a loop; a refused token leaves the code unspent.</summary>
    private async Task<T> WithTokenAsync<T>(Func<string, Task<T>> call, CancellationToken cancellation)
        where T : WeChatAnswer
    {
        var token = await tokens.GetAsync(cancellation);
        var answer = await call(token);
        return answer.ErrorCode is 40001 or 40014 or 42001
            ? await call(await tokens.ReplaceAsync(token, cancellation))
            : answer;
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
