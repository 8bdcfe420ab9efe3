using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Section <c>Messages</c>: how notices leave the inbox.</summary>
internal sealed partial record MessagesSettings
{
    private const int ShortestGatewayKey = 32;

    /// <summary>Name of a template (miniprogram-contract/subscribe-templates.json) → its id in WeChat's console.</summary>
    public Dictionary<string, string> Templates { get; init; } = [];

    /// <summary>Which mini-program opens: formal, trial or developer.</summary>
    public string MiniProgramState { get; init; } = "formal";

    /// <summary>The mini-program's page of one message, which gets its <c>id</c>.</summary>
    public string Page { get; init; } = "pages/message/message";

    /// <summary>Calls to WeChat that one node has under way at once.</summary>
    public int MostInFlight { get; init; } = 128;

    /// <summary>People a second whom broadcasts reach, over all nodes.</summary>
    public int BroadcastPerSecond { get; init; } = 30;

    /// <summary>An address that the county connects to its SMS gateway. Empty: nobody is told by text message.</summary>
    public string GatewayAddress { get; init; } = "";

    /// <summary>Signs what is posted there.</summary>
    public string GatewayKey { get; init; } = "";

    public bool HasGateway => GatewayAddress.Length > 0;

    public string? TemplateIdOf(string template) => Templates.TryGetValue(template, out var id) && id.Length > 0 ? id : null;

    public IEnumerable<string> Faults(bool production)
    {
        foreach (var (name, id) in Templates)
        {
            if (NoticeKinds.TemplateOf(name) is null)
            {
                yield return $"Messages:Templates:{name} 不是本程序的模板:请对照 miniprogram-contract/subscribe-templates.json 填写。";
            }
            else if (id.Length > 0 && !TemplateIdForm().IsMatch(id))
            {
                yield return $"Messages:Templates:{name} 不像模板 ID:请填写小程序后台“订阅消息”中的模板 ID。";
            }
        }

        if (MiniProgramState is not ("formal" or "trial" or "developer"))
        {
            yield return "Messages:MiniProgramState 应为 formal、trial 或 developer。";
        }

        if (!PageForm().IsMatch(Page))
        {
            yield return "Messages:Page 应为小程序页面路径,例如 pages/message/message,开头不加 /,不带参数。";
        }

        if (MostInFlight is < 1 or > 1000)
        {
            yield return "Messages:MostInFlight 应为 1 到 1000。";
        }

        if (HasGateway && (!Uri.TryCreate(GatewayAddress, UriKind.Absolute, out var gateway) || !(gateway.Scheme == "https" || (gateway.Scheme == "http" && gateway.IsLoopback))))
        {
            yield return "Messages:GatewayAddress 应为 https 地址,本机可用 http。";
        }

        if (HasGateway && GatewayKey.Length < ShortestGatewayKey)
        {
            yield return $"Messages:GatewayKey 至少 {ShortestGatewayKey} 个字符,可用 openssl rand -base64 32 生成。";
        }

        if (BroadcastPerSecond is < 1 or > 1000)
        {
            yield return "Messages:BroadcastPerSecond 应为 1 到 1000。";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{10,64}$")]
    private static partial Regex TemplateIdForm();

    [GeneratedRegex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
    private static partial Regex PageForm();
}
