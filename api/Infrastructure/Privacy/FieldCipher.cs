using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Seals single fields with AES-256-GCM. The stored form is <c>keyId:base64(nonce ‖ tag ‖ ciphertext)</c>. The place
/// (table, column, record) is authenticated too, so that a sealed value moved to another row does not open.
/// </summary>
internal sealed class FieldCipher : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<string, AesGcm> ciphers;
    private readonly string current;

    public FieldCipher(PrivacySettings settings)
    {
        current = settings.CurrentFieldKey;
        ciphers = settings.FieldKeys.ToDictionary(k => k.Key, k => new AesGcm(Convert.FromBase64String(k.Value), TagLength));
    }

    public string Seal(string place, string recordId, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        ciphers[current].Encrypt(
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
        if (colon < 1 || !ciphers.TryGetValue(stored[..colon], out var cipher))
        {
            throw new CryptographicException("The key of a sealed field is not configured.");
        }

        var whole = Convert.FromBase64String(stored[(colon + 1)..]);
        var plain = new byte[whole.Length - NonceLength - TagLength];
        cipher.Decrypt(
            whole.AsSpan(0, NonceLength),
            whole.AsSpan(NonceLength + TagLength),
            whole.AsSpan(NonceLength, TagLength),
            plain,
            Bound(place, recordId));
        return Encoding.UTF8.GetString(plain);
    }

    public void Dispose()
    {
        foreach (var cipher in ciphers.Values)
        {
            cipher.Dispose();
        }
    }

    private static byte[] Bound(string place, string recordId) => Encoding.UTF8.GetBytes($"{place}|{recordId}");
}
