using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>Signature and encryption of the message push (wechat-platform.md 3).</summary>
internal static class PushCrypto
{
    private const int BlockSize = 32;
    private const int RandomLength = 16;
    private const int HeadLength = RandomLength + 4;

    /// <summary>sha1 over the parts in ordinal order, as lower-case hex.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The platform signs so.")]
    public static string Sign(params string[] parts) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Order(StringComparer.Ordinal)))));

    public static bool IsSignedBy(string? signature, params string[] parts) =>
        signature is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(parts)), Encoding.UTF8.GetBytes(signature));

    /// <summary>
    /// What was encrypted under the console's key, or null: with another key, for another mini-program, or tampered with.
    /// AES-256-CBC, its first block the key's own; random(16) ‖ length(4) ‖ message ‖ appid, padded to 32, which the
    /// framework's PKCS#7 refuses.
    /// </summary>
    public static string? Open(string encrypted, string encodingKey, string appId)
    {
        try
        {
            var key = Convert.FromBase64String(encodingKey + "=");
            using var aes = Aes.Create();
            aes.Key = key;
            var plain = aes.DecryptCbc(Convert.FromBase64String(encrypted), key.AsSpan(0, 16), PaddingMode.None);
            return plain.Length > HeadLength && plain[^1] is >= 1 and <= BlockSize ? MessageOf(plain.AsSpan(0, plain.Length - plain[^1]), appId) : null;
        }
        catch (Exception error) when (error is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The field <c>Encrypt</c> of a body, JSON or XML; null if there is none.</summary>
    public static string? EncryptedOf(string body)
    {
        if (!PushMessage.IsJson(body))
        {
            return PushMessage.Xml(body)?.Root?.Element("Encrypt")?.Value;
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("Encrypt", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
    }

    private static string? MessageOf(ReadOnlySpan<byte> plain, string appId)
    {
        if (plain.Length < HeadLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(plain[RandomLength..]);
        var rest = plain[HeadLength..];
        return length >= 0 && length <= rest.Length && Encoding.UTF8.GetString(rest[length..]) == appId ? Encoding.UTF8.GetString(rest[..length]) : null;
    }
}
