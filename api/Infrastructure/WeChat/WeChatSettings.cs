using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Infrastructure.WeChat;

/// <summary>Section <c>WeChat</c>: the mini-program's credentials.</summary>
internal sealed partial record WeChatSettings
{
    public string AppId { get; init; } = "";

    public string AppSecret { get; init; } = "";

    public Uri BaseAddress { get; init; } = new("https://api.weixin.qq.com/");

    /// <summary>Where the internet reaches this program, with a slash at the end; null: WeChat cannot fetch photos, so nobody sees them.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>How long one call may take.</summary>
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>The mini-program's page of one activity; a code leads there with the activity's id as <c>scene</c>.</summary>
    public string ActivityPage { get; init; } = "pages/activity/activity";

    public IEnumerable<string> Faults(bool production)
    {
        if (TimeoutSeconds is < 1 or > 60)
        {
            yield return "WeChat:TimeoutSeconds 应为 1 到 60 秒。";
        }

        if (!PageForm().IsMatch(ActivityPage))
        {
            yield return "WeChat:ActivityPage 应为小程序页面路径,例如 pages/activity/activity,开头不加 /,不带参数。";
        }

        if (PublicAddress is { } address && (!address.IsAbsoluteUri || !address.AbsoluteUri.EndsWith('/') || (production && address.Scheme != Uri.UriSchemeHttps)))
        {
            yield return "WeChat:PublicAddress 应为本平台对外的 https 网址,以 / 结尾,例如 https://union.example.cn/;不需要检查照片的留空。";
        }

        if (!BaseAddress.IsAbsoluteUri)
        {
            yield return "WeChat:BaseAddress 不是完整的网址:请填写 https://api.weixin.qq.com/。";
            yield break;
        }

        if (!production)
        {
            yield break;
        }

        if (!AppIdForm().IsMatch(AppId) || AppId.Distinct().Count() < 5)
        {
            yield return "WeChat:AppId 未填写或是示例值:请填写小程序的 AppID(wx 开头共 18 位)。";
        }

        if (!SecretForm().IsMatch(AppSecret) || AppSecret.Distinct().Count() < 5)
        {
            yield return "WeChat:AppSecret 未填写或是示例值:请填写小程序的 AppSecret(32 位)。";
        }

        if (BaseAddress.Scheme != Uri.UriSchemeHttps || BaseAddress.IsLoopback)
        {
            yield return "WeChat:BaseAddress 必须是微信的 https 地址:生产环境不能使用本机替身。";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
    private static partial Regex PageForm();

    [GeneratedRegex("^wx[0-9a-f]{16}$")]
    private static partial Regex AppIdForm();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex SecretForm();
}
