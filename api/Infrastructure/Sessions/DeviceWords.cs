using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>Turns a User-Agent into the few words by which a person knows her phone again.</summary>
internal static partial class DeviceWords
{
    public static string From(string? userAgent)
    {
        var agent = userAgent ?? "";
        var device = agent.Contains("iPhone", StringComparison.Ordinal) ? "iPhone"
            : agent.Contains("iPad", StringComparison.Ordinal) ? "iPad"
            : agent.Contains("HarmonyOS", StringComparison.Ordinal) ? "鸿蒙手机"
            : agent.Contains("Android", StringComparison.Ordinal) ? "安卓手机"
            : agent.Contains("Windows", StringComparison.Ordinal) ? "Windows 电脑"
            : agent.Contains("Macintosh", StringComparison.Ordinal) ? "Mac 电脑"
            : agent.Contains("Linux", StringComparison.Ordinal) ? "Linux 电脑"
            : "其他设备";
        var weChat = WeChatVersion().Match(agent);
        return weChat.Success ? $"{device} · 微信 {weChat.Groups[1].Value}" : device;
    }

    [GeneratedRegex(@"MicroMessenger/(\d{1,3}\.\d{1,3}\.\d{1,3})")]
    private static partial Regex WeChatVersion();
}
