using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// A signed code that lives a minute: 48 letters and digits for a QR code. Inside: the minute (4 bytes), the id of a
/// record (16) and an HMAC-SHA256 cut to 80 bits over both, with a key that makes codes of one purpose only.
/// </summary>
internal sealed class MinuteCode(LookupIndex index, string purpose)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BodyLength = 20;
    private const int WholeLength = 30;
    private const int Letters = 48;

    /// <summary>New codes carry the first key's signature; codes under the former one are good for their minute too.</summary>
    private readonly IReadOnlyList<byte[]> keys = index.DeriveKeys(purpose);

    public static long MinuteOf(long now) => now / (long)Window.TotalMilliseconds;

    /// <summary>
    /// Whether a code of this minute is taken at the instant: in its own minute and the next, and in the one before, since
    /// the clock of the node that made it may be ahead.
    /// </summary>
    public static bool IsTaken(long minute, long at) => MinuteOf(at) - minute is >= -1 and <= 1;

    /// <summary>The same for an instant that a device without a network tells, whose clock nobody sets right.</summary>
    public static bool IsTakenOffline(long minute, long at) => MinuteOf(at) - minute is >= -2 and <= 3;

    /// <summary>From when on a new code is to be had.</summary>
    public static long NextAt(long now) => (MinuteOf(now) + 1) * (long)Window.TotalMilliseconds;

    public string Make(string id, long now)
    {
        Span<byte> whole = stackalloc byte[WholeLength];
        BinaryPrimitives.WriteUInt32BigEndian(whole, (uint)MinuteOf(now));
        Convert.FromHexString(id).CopyTo(whole[4..]);
        Sign(keys[0], whole[..BodyLength], whole[BodyLength..]);
        return Encode(whole);
    }

    /// <summary>The record and the minute of a code that we made; null for a forged or mutilated one.</summary>
    public (string Id, long Minute)? Open(string code)
    {
        Span<byte> whole = stackalloc byte[WholeLength];
        if (!TryDecode(code, whole))
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[WholeLength - BodyLength];
        foreach (var key in keys)
        {
            Sign(key, whole[..BodyLength], expected);
            if (CryptographicOperations.FixedTimeEquals(expected, whole[BodyLength..]))
            {
                return (Convert.ToHexStringLower(whole[4..BodyLength]), BinaryPrimitives.ReadUInt32BigEndian(whole));
            }
        }

        return null;
    }

    private static void Sign(byte[] key, ReadOnlySpan<byte> body, Span<byte> signature)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, mac);
        mac[..signature.Length].CopyTo(signature);
    }

    /// <summary>Base32 of Crockford: no I, L, O, U; 30 bytes fill 48 letters exactly.</summary>
    private static string Encode(ReadOnlySpan<byte> whole)
    {
        var text = new StringBuilder(Letters);
        var (bits, count) = (0, 0);
        foreach (var part in whole)
        {
            (bits, count) = ((bits << 8) | part, count + 8);
            while (count >= 5)
            {
                count -= 5;
                text.Append(Alphabet[(bits >> count) & 31]);
            }

            bits &= (1 << count) - 1;
        }

        return text.ToString();
    }

    private static bool TryDecode(string code, Span<byte> whole)
    {
        if (code.Length != Letters)
        {
            return false;
        }

        var (bits, count, filled) = (0, 0, 0);
        foreach (var letter in code)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            (bits, count) = ((bits << 5) | value, count + 5);
            if (count >= 8)
            {
                count -= 8;
                whole[filled++] = (byte)(bits >> count);
            }

            bits &= (1 << count) - 1;
        }

        return true;
    }
}
