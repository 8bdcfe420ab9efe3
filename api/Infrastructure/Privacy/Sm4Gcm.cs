using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>SM4 (GB/T 32907) in Galois/counter mode (RFC 8998), for places that must use national algorithms.</summary>
internal static class Sm4Gcm
{
    public const int KeyLength = 16;
    private const int TagBits = 128;

    /// <summary>The 16 bytes of a configured 32-byte key that SM4 uses (HKDF with SM3, RFC 5869).</summary>
    public static byte[] KeyFrom(byte[] configured)
    {
        var generator = new HkdfBytesGenerator(new SM3Digest());
        generator.Init(new HkdfParameters(configured, null, "sm4-gcm"u8.ToArray()));
        var key = new byte[KeyLength];
        generator.GenerateBytes(key, 0, key.Length);
        return key;
    }

    /// <returns>Ciphertext, then the tag of 16 bytes.</returns>
    public static byte[] Encrypt(byte[] key, byte[] nonce, byte[] plain, byte[] bound) => Run(true, key, nonce, plain, bound);

    /// <param name="whole">Ciphertext, then the tag.</param>
    /// <exception cref="CryptographicException">The value was changed or moved, or it is another key's.</exception>
    public static byte[] Decrypt(byte[] key, byte[] nonce, byte[] whole, byte[] bound)
    {
        try
        {
            return Run(false, key, nonce, whole, bound);
        }
        catch (InvalidCipherTextException error)
        {
            throw new CryptographicException("A sealed field does not open.", error);
        }
    }

    /// <summary>A cipher of its own for each value: one is not for two threads.</summary>
    private static byte[] Run(bool isEncrypting, byte[] key, byte[] nonce, byte[] input, byte[] bound)
    {
        var cipher = new GcmBlockCipher(new SM4Engine());
        cipher.Init(isEncrypting, new AeadParameters(new KeyParameter(key), TagBits, nonce, bound));
        var output = new byte[cipher.GetOutputSize(input.Length)];
        var length = cipher.ProcessBytes(input, 0, input.Length, output, 0);
        cipher.DoFinal(output, length);
        return output;
    }
}
