using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Seals single fields with AES-256-GCM. The stored form is <c>keyId:base64(nonce ‖ tag ‖ ciphertext)</c>. The place
/// (table, column, record) is authenticated too, so that a sealed value moved to another row does not open.
/// </summary>
internal sealed class FieldCipher
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<string, byte[]> keys;
    private readonly string current;

    public FieldCipher(PrivacySettings settings)
    {
        current = settings.CurrentFieldKey;
        keys = settings.FieldKeys.ToDictionary(k => k.Key, k => Convert.FromBase64String(k.Value));
    }

    public string Seal(string place, string recordId, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        using var cipher = CipherOf(keys[current]);
        cipher.Encrypt(
            whole.AsSpan(0, NonceLength),
            plain,
            whole.AsSpan(NonceLength + TagLength),
            whole.AsSpan(NonceLength, TagLength),
            Bound(place, recordId));
        return $"{current}:{Convert.ToBase64String(whole)}";
    }

    /// <exception cref="CryptographicException">The value was changed, moved, or its key is missing.</exception>
    public string Open(string place, string recordId, string stored)
    {
        var colon = stored.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !keys.TryGetValue(stored[..colon], out var key))
        {
            throw new CryptographicException("The key of a sealed field is not configured.");
        }

        var whole = Convert.FromBase64String(stored[(colon + 1)..]);
        var plain = new byte[whole.Length - NonceLength - TagLength];
        using var cipher = CipherOf(key);
        cipher.Decrypt(
            whole.AsSpan(0, NonceLength),
            whole.AsSpan(NonceLength + TagLength),
            whole.AsSpan(NonceLength, TagLength),
            plain,
            Bound(place, recordId));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>
    /// One for each value: an AesGcm that two threads use at once spoils what it seals and cannot open what is whole.
    /// Making one costs microseconds.
    /// </summary>
    private static AesGcm CipherOf(byte[] key) => new(key, TagLength);

    private static byte[] Bound(string place, string recordId) => Encoding.UTF8.GetBytes($"{place}|{recordId}");
}
