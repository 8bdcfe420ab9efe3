using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>Section <c>WeChatPush</c>: the message push (消息推送) as set up in the mini-program's console.</summary>
internal sealed partial record PushSettings
{
    /// <summary>The console's Token. Empty: no push is received.</summary>
    public string Token { get; init; } = "";

    /// <summary>The console's EncodingAESKey. Empty: plain mode, whose signature does not cover the body.</summary>
    public string EncodingAesKey { get; init; } = "";

    /// <summary>The one before, for a while after a change.</summary>
    public string FormerEncodingAesKey { get; init; } = "";

    public IEnumerable<string> Faults(bool production)
    {
        if (Token.Length > 0 && !TokenForm().IsMatch(Token))
        {
            yield return "WeChatPush:Token 应为 3 到 32 位字母或数字,与小程序后台“消息推送”一致。";
        }

        foreach (var key in new[] { EncodingAesKey, FormerEncodingAesKey })
        {
            if (key.Length > 0 && !KeyForm().IsMatch(key))
            {
                yield return "WeChatPush:EncodingAesKey(或 FormerEncodingAesKey)应为 43 位字母或数字,与小程序后台一致。";
            }
        }

        if (production && Token.Length > 0 && EncodingAesKey.Length == 0)
        {
            yield return "WeChatPush:EncodingAesKey 未填写:生产环境请在小程序后台选择安全模式。";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9]{3,32}$")]
    private static partial Regex TokenForm();

    [GeneratedRegex("^[A-Za-z0-9]{43}$")]
    private static partial Regex KeyForm();
}
