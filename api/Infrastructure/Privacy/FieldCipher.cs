using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Seals single fields with AES-256-GCM (stored form <c>keyId:base64(nonce ‖ tag ‖ ciphertext)</c>) or, as configured,
/// SM4-GCM (<c>keyId/sm4:…</c>); opens either. The place (table, column, record) is authenticated too, so that a sealed
/// value moved to another row does not open.
/// </summary>
internal sealed class FieldCipher
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const string Sm4Mark = "/sm4";

    private readonly Dictionary<string, byte[]> aesKeys;
    private readonly Dictionary<string, byte[]> sm4Keys;
    private readonly string current;

    public FieldCipher(PrivacySettings settings)
    {
        aesKeys = settings.FieldKeys.ToDictionary(k => k.Key, k => Convert.FromBase64String(k.Value));
        sm4Keys = aesKeys.ToDictionary(k => k.Key + Sm4Mark, k => Sm4Gcm.KeyFrom(k.Value));
        current = settings.CurrentFieldKey + (settings.Cipher == PrivacySettings.Sm4 ? Sm4Mark : "");
    }

    /// <summary>What newly sealed values begin with: key id, cipher and a colon; at most 21 characters.</summary>
    public string CurrentForm => current + ":";

    public string Seal(string place, string recordId, string text) => SealBytes(place, recordId, Encoding.UTF8.GetBytes(text));

    public string SealBytes(string place, string recordId, byte[] plain)
    {
        var bound = Bound(place, recordId);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        if (sm4Keys.TryGetValue(current, out var sm4Key))
        {
            var output = Sm4Gcm.Encrypt(sm4Key, whole[..NonceLength], plain, bound);
            output.AsSpan(plain.Length).CopyTo(whole.AsSpan(NonceLength));
            output.AsSpan(0, plain.Length).CopyTo(whole.AsSpan(NonceLength + TagLength));
        }
        else
        {
            using var cipher = CipherOf(aesKeys[current]);
            cipher.Encrypt(
                whole.AsSpan(0, NonceLength),
                plain,
                whole.AsSpan(NonceLength + TagLength),
                whole.AsSpan(NonceLength, TagLength),
                bound);
        }

        return $"{current}:{Convert.ToBase64String(whole)}";
    }

    /// <exception cref="CryptographicException">The value was changed, moved, or its key is missing.</exception>
    public string Open(string place, string recordId, string stored) => Encoding.UTF8.GetString(OpenBytes(place, recordId, stored));

    /// <inheritdoc cref="Open(string, string, string)"/>
    public byte[] OpenBytes(string place, string recordId, string stored)
    {
        var colon = stored.IndexOf(':', StringComparison.Ordinal);
        var form = colon < 1 ? "" : stored[..colon];
        if (!aesKeys.ContainsKey(form) && !sm4Keys.ContainsKey(form))
        {
            throw new CryptographicException("The key of a sealed field is not configured.");
        }

        var whole = Convert.FromBase64String(stored[(colon + 1)..]);
        if (whole.Length < NonceLength + TagLength)
        {
            throw new CryptographicException("A sealed field is too short.");
        }

        return Open(form, whole, Bound(place, recordId));
    }

    private byte[] Open(string form, byte[] whole, byte[] bound)
    {
        if (sm4Keys.TryGetValue(form, out var sm4Key))
        {
            var (nonce, tag, text) = (whole[..NonceLength], whole[NonceLength..(NonceLength + TagLength)], whole[(NonceLength + TagLength)..]);
            return Sm4Gcm.Decrypt(sm4Key, nonce, [.. text, .. tag], bound);
        }

        var plain = new byte[whole.Length - NonceLength - TagLength];
        using var cipher = CipherOf(aesKeys[form]);
        cipher.Decrypt(
            whole.AsSpan(0, NonceLength),
            whole.AsSpan(NonceLength + TagLength),
            whole.AsSpan(NonceLength, TagLength),
            plain,
            bound);
        return plain;
    }

    /// <summary>
    /// One for each value: an AesGcm that two threads use at once spoils what it seals and cannot open what is whole.
    /// Making one costs microseconds.
    /// </summary>
    private static AesGcm CipherOf(byte[] key) => new(key, TagLength);

    private static byte[] Bound(string place, string recordId) => Encoding.UTF8.GetBytes($"{place}|{recordId}");
}
