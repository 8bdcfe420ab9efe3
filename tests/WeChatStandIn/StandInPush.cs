using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WeChatUnion.WeChatStandIn;

/// <summary>Pushes as WeChat's server does (wechat-platform facts, section 3): plain or safe, JSON or XML.</summary>
public sealed class StandInPush(string token, string encodingKey, string appId)
{
    private const int BlockSize = 32;

    /// <summary>Path and query, and the body.</summary>
    public (string Query, string Body) Plain(string message, long timestamp, string nonce) =>
        ($"?signature={Sign(token, Text(timestamp), nonce)}&timestamp={timestamp}&nonce={nonce}", message);

    public (string Query, string Body) Safe(string message, long timestamp, string nonce, byte[]? random = null)
    {
        var encrypted = Encrypt(message, random ?? RandomNumberGenerator.GetBytes(16));
        var body = message.TrimStart().StartsWith('{')
            ? JsonSerializer.Serialize(new { ToUserName = "gh_97417a04a28d", Encrypt = encrypted })
            : $"<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>";
        return ($"?signature={Sign(token, Text(timestamp), nonce)}&timestamp={timestamp}&nonce={nonce}&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes"
            + $"&msg_signature={Sign(token, Text(timestamp), nonce, encrypted)}", body);
    }

    public string Encrypt(string message, byte[] random)
    {
        var (text, id) = (Encoding.UTF8.GetBytes(message), Encoding.UTF8.GetBytes(appId));
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        byte[] plain = [.. random, .. length, .. text, .. id];
        var pad = BlockSize - (plain.Length % BlockSize);
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(encodingKey + "=");
        return Convert.ToBase64String(aes.EncryptCbc([.. plain, .. Enumerable.Repeat((byte)pad, pad)], aes.Key.AsSpan(0, 16), PaddingMode.None));
    }

    [SuppressMessage("Security", "CA5350", Justification = "The platform signs so.")]
    public static string Sign(params string[] parts) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Order(StringComparer.Ordinal)))));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
