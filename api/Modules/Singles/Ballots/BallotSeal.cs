using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// The cryptography of a sealed ballot. A round has a P-256 pair. The public key seals ballots: an ephemeral key for each,
/// ECDH, HKDF-SHA256 salted with the ballot key, AES-256-GCM; a ballot is bound to its round, person, plate and instant and is as
/// long as every other. Whoever writes to the database alone can neither make one nor have one sealed so that it opens for him.
/// The private key is kept only wrapped under HKDF(closing key ‖ ballot key): the closing key is in the host's hands alone, the ballot key
/// in the configuration alone, so neither database nor backups nor write-ahead logs open a ballot, then or later.
/// What this does not stop: a host and an operator who act together.
/// </summary>
internal static class BallotSeal
{
    public const int MostChoices = 3;

    private const int ClosingKeyLength = 16;
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int PointLength = 64;
    private const int PlainLength = 8;
    private const byte PlainForm = 1;

    /// <summary>Each key seals one text only, so its nonce may be the same.</summary>
    private static readonly byte[] OnlyNonce = new byte[NonceLength];

    /// <param name="ClosingKey">For the host to keep; nothing else holds it.</param>
    internal sealed record NewRound(string PublicKey, string PrivateKeyWrapped, string ClosingKey);

    public static NewRound Open(string roundId, byte[] ballotKey)
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var parameters = pair.ExportParameters(includePrivateParameters: true);
        var closingKey = RandomNumberGenerator.GetBytes(ClosingKeyLength);
        var wrapped = new byte[NonceLength + TagLength + KeyLength];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceLength));
        using (var cipher = WrappingCipher(roundId, closingKey, ballotKey))
        {
            cipher.Encrypt(
                wrapped.AsSpan(0, NonceLength), parameters.D!, wrapped.AsSpan(NonceLength + TagLength), wrapped.AsSpan(NonceLength, TagLength), Encoding.ASCII.GetBytes(roundId));
        }

        CryptographicOperations.ZeroMemory(parameters.D);
        return new NewRound(Convert.ToBase64String(PointOf(parameters)), Convert.ToBase64String(wrapped), InGroups(closingKey));
    }

    /// <summary>A round's private key, to be imported once by each thread that opens ballots.</summary>
    internal sealed class RoundKey(ECParameters parameters, byte[] point, byte[] salt) : IDisposable
    {
        public byte[] Salt { get; } = salt;

        public byte[] Point { get; } = point;

        public ECDiffieHellman Import() => ECDiffieHellman.Create(parameters);

        public void Dispose() => CryptographicOperations.ZeroMemory(parameters.D);
    }

    /// <summary>The round's private key; null when the closing key is not the one that was shown, or somebody changed what is stored.</summary>
    public static RoundKey? Unwrap(string roundId, string publicKey, string privateKeyWrapped, string closingKey, byte[] ballotKey)
    {
        if (BytesOf(closingKey) is not { } closing)
        {
            return null;
        }

        var scalar = new byte[KeyLength];
        try
        {
            var wrapped = BytesOf(privateKeyWrapped, NonceLength + TagLength + KeyLength);
            using var cipher = WrappingCipher(roundId, closing, ballotKey);
            cipher.Decrypt(
                wrapped.AsSpan(0, NonceLength), wrapped.AsSpan(NonceLength + TagLength), wrapped.AsSpan(NonceLength, TagLength), scalar, Encoding.ASCII.GetBytes(roundId));
            var point = BytesOf(publicKey, PointLength);
            var key = new RoundKey(Parameters(point) with { D = scalar }, point, Salt(roundId, ballotKey));
            key.Import().Dispose();
            return key;
        }
        catch (CryptographicException)
        {
            CryptographicOperations.ZeroMemory(scalar);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(closing);
        }
    }

    /// <param name="choices">Numbers of the other sex in order of liking, at most three; none for "nobody this time".</param>
    public static string Seal(string publicKey, byte[] ballotKey, BallotPlace place, IReadOnlyList<int> choices)
    {
        var point = Convert.FromBase64String(publicKey);
        using var receiver = ECDiffieHellman.Create(Parameters(point));
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var whole = new byte[PointLength + TagLength + PlainLength];
        PointOf(ephemeral.ExportParameters(includePrivateParameters: false)).CopyTo(whole, 0);
        var plain = Write(choices);
        using (var cipher = SealingCipher(ephemeral, receiver.PublicKey, whole.AsSpan(0, PointLength), point, Salt(place.RoundId, ballotKey)))
        {
            cipher.Encrypt(OnlyNonce, plain, whole.AsSpan(PointLength + TagLength), whole.AsSpan(PointLength, TagLength), place.Bytes());
        }

        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(whole);
    }

    /// <param name="imported">Of the round's key, by this thread.</param>
    /// <exception cref="CryptographicException">The ballot was changed, cut off, is another person's or round's, or says what no ballot can.</exception>
    public static IReadOnlyList<int> Open(RoundKey roundKey, ECDiffieHellman imported, BallotPlace place, string content)
    {
        var whole = BytesOf(content, PointLength + TagLength + PlainLength);
        using var ephemeral = ECDiffieHellman.Create(Parameters(whole[..PointLength]));
        using var cipher = SealingCipher(imported, ephemeral.PublicKey, whole.AsSpan(0, PointLength), roundKey.Point, roundKey.Salt);
        var plain = new byte[PlainLength];
        cipher.Decrypt(OnlyNonce, whole.AsSpan(PointLength + TagLength), whole.AsSpan(PointLength, TagLength), plain, place.Bytes());
        return Read(plain);
    }

    private static byte[] Write(IReadOnlyList<int> choices)
    {
        var plain = new byte[PlainLength];
        plain[0] = PlainForm;
        plain[1] = (byte)choices.Count;
        for (var i = 0; i < choices.Count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(2 + (2 * i)), (ushort)choices[i]);
        }

        return plain;
    }

    private static int[] Read(byte[] plain)
    {
        var numbers = Enumerable.Range(0, MostChoices).Select(i => (int)BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(2 + (2 * i)))).ToList();
        var count = plain[1];
        var isBallot = plain[0] == PlainForm && count <= MostChoices && numbers.Take(count).All(n => n > 0)
            && numbers.Take(count).Distinct().Count() == count && numbers.Skip(count).All(n => n == 0);
        return isBallot ? [.. numbers.Take(count)] : throw new CryptographicException("No ballot.");
    }

    /// <summary>Of the configuration's key, so that agreeing on a secret with the stored point is not enough.</summary>
    private static byte[] Salt(string roundId, byte[] ballotKey) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ballotKey, KeyLength, Encoding.ASCII.GetBytes(roundId), "wechat-union ballot salt"u8.ToArray());

    private static AesGcm WrappingCipher(string roundId, byte[] closingKey, byte[] ballotKey)
    {
        byte[] secret = [.. closingKey, .. ballotKey];
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyLength, Encoding.ASCII.GetBytes(roundId), "wechat-union ballot round"u8.ToArray());
        CryptographicOperations.ZeroMemory(secret);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private static AesGcm SealingCipher(ECDiffieHellman mine, ECDiffieHellmanPublicKey theirs, ReadOnlySpan<byte> ephemeralPoint, byte[] roundPoint, byte[] salt)
    {
        var agreed = mine.DeriveRawSecretAgreement(theirs);
        byte[] info = [.. "wechat-union ballot"u8, .. ephemeralPoint, .. roundPoint];
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, KeyLength, salt, info);
        CryptographicOperations.ZeroMemory(agreed);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private static byte[] PointOf(ECParameters parameters) => [.. parameters.Q.X!, .. parameters.Q.Y!];

    private static ECParameters Parameters(byte[] point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[..KeyLength], Y = point[KeyLength..] },
    };

    /// <summary>For people to copy by hand: eight groups of four.</summary>
    private static string InGroups(byte[] closingKey) => string.Join('-', Convert.ToHexStringLower(closingKey).Chunk(4).Select(g => new string(g)));

    private static byte[] BytesOf(string stored, int length)
    {
        var bytes = new byte[length];
        return Convert.TryFromBase64String(stored, bytes, out var read) && read == length ? bytes : throw new CryptographicException("Not as it was stored.");
    }

    private static byte[]? BytesOf(string closingKey)
    {
        var digits = closingKey.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 2 * ClosingKeyLength && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : null;
    }
}
