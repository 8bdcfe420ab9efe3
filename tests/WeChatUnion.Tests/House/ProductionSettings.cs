using System.Security.Cryptography;

namespace WeChatUnion.Tests.House;

/// <summary>Settings with which a Production start is content; the credentials are made up.</summary>
public static class ProductionSettings
{
    public static Dictionary<string, string> Right() => new()
    {
        ["WeChat:AppId"] = "wx1a2b3c4d5e6f7a8b",
        ["WeChat:AppSecret"] = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f",
        ["WeChat:BaseAddress"] = "https://wechat.invalid/",
        ["Privacy:CurrentFieldKey"] = "test-1",
        ["Privacy:FieldKeys:test-1"] = Key(),
        ["Privacy:IndexKey"] = Key(),
        ["Staff:PasswordIterations"] = "100000",
    };

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
