using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// HMAC-SHA256 with a key outside the database, in hex: equal values can be found and kept unique without being
/// readable. The kind separates equal texts of different meaning.
/// </summary>
internal sealed class LookupIndex(PrivacySettings settings)
{
    private readonly byte[] key = Convert.FromBase64String(settings.IndexKey);

    /// <summary>A key of its own for another purpose (HKDF-SHA256), so that a county keeps one secret fewer.</summary>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, key.Length, info: Encoding.UTF8.GetBytes(purpose));

    public string Of(string kind, string value) => Of(kind, Encoding.UTF8.GetBytes(value));

    public string Of(string kind, ReadOnlySpan<byte> value)
    {
        var name = Encoding.UTF8.GetBytes(kind);
        var whole = new byte[name.Length + 1 + value.Length];
        name.CopyTo(whole, 0);
        whole[name.Length] = (byte)'|';
        value.CopyTo(whole.AsSpan(name.Length + 1));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, whole));
    }
}
