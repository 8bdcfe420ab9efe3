using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// HMAC-SHA256 with a key outside the database: equal values can be found and kept unique without being readable. The
/// kind separates equal texts of different meaning. A value has 64 characters: the mark of its key (k and 7 hex
/// digits), then 224 bits of the HMAC in hex; so the database can tell under which key a value stands.
/// </summary>
/// <remarks>
/// How the key is changed while nodes serve. Every long-lived index has two columns, each UNIQUE where the value must
/// be: <c>x_index</c> under the key, <c>x_former_index</c> under the former key, or under the key when there is no
/// former one. With K1 alone rows are (1, 1); once nodes have K2 with K1 as former they write (2, 1), and
/// <c>rotate-keys</c> turns (1, 1) into (2, 1); with K2 alone they write (2, 2), and <c>rotate-keys</c> turns (2, 1)
/// into (2, 2). Up to the last (1, 1) the second column is complete under K1, from then on the first is complete under
/// K2: at each moment one of the two UNIQUEs sees all rows, whichever nodes write. Two rows are the same when either
/// column is, and a look-up asks both columns for the value under every key the node has.
/// <see cref="IndexKeyCheck"/> keeps a node from starting with K2 alone while a (1, 1) is left.
/// </remarks>
internal sealed class LookupIndex
{
    private const int MarkLength = 8;
    private const int HexLength = 56;

    private readonly byte[] key;
    private readonly byte[]? former;

    public LookupIndex(PrivacySettings settings)
    {
        key = Convert.FromBase64String(settings.IndexKey);
        former = settings.FormerIndexKey.Length > 0 ? Convert.FromBase64String(settings.FormerIndexKey) : null;
        Mark = MarkOf(key);
        FormerMark = former is null ? null : MarkOf(former);
    }

    /// <summary>What values under the key begin with.</summary>
    public string Mark { get; }

    /// <summary>Likewise for the former key; null without one.</summary>
    public string? FormerMark { get; }

    /// <summary>Keys of their own for another purpose (HKDF-SHA256), so that a county keeps one secret fewer: the current one, then the former.</summary>
    public IReadOnlyList<byte[]> DeriveKeys(string purpose) => [.. Keys().Select(k =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, k, k.Length, info: Encoding.UTF8.GetBytes(purpose)))];

    /// <summary>Under the key alone, for what runs out by itself soon.</summary>
    public string Of(string kind, string value) => Of(kind, Encoding.UTF8.GetBytes(value));

    /// <inheritdoc cref="Of(string, string)"/>
    public string Of(string kind, ReadOnlySpan<byte> value) => Of(key, Mark, kind, value);

    /// <summary>What a long-lived index stores in its two columns.</summary>
    public IndexPair PairOf(string kind, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var current = Of(key, Mark, kind, bytes);
        return new IndexPair(current, former is null ? current : Of(former, FormerMark!, kind, bytes));
    }

    /// <summary>What to look for, in both columns: the value under every key there is.</summary>
    public IReadOnlyList<string> AllOf(string kind, string value) => PairOf(kind, value) is var pair && former is null ? [pair.Index] : [pair.Index, pair.Former];

    /// <summary>
    /// Whether <paramref name="stored"/> may stand for this value. One under a key that this node does not have cannot
    /// be judged and may.
    /// </summary>
    public bool MayBeOf(string kind, ReadOnlySpan<byte> value, string stored)
    {
        if (stored.StartsWith(Mark, StringComparison.Ordinal))
        {
            return stored == Of(key, Mark, kind, value);
        }

        return former is null || !stored.StartsWith(FormerMark!, StringComparison.Ordinal) || stored == Of(former, FormerMark!, kind, value);
    }

    /// <summary>The key's mark: tells keys apart and says nothing about them.</summary>
    public static string MarkOf(byte[] key) =>
        "k" + Convert.ToHexStringLower(HMACSHA256.HashData(key, "mark of an index key"u8))[..(MarkLength - 1)];

    private IEnumerable<byte[]> Keys() => former is null ? [key] : [key, former];

    private static string Of(byte[] key, string mark, string kind, ReadOnlySpan<byte> value)
    {
        var name = Encoding.UTF8.GetBytes(kind);
        var whole = new byte[name.Length + 1 + value.Length];
        name.CopyTo(whole, 0);
        whole[name.Length] = (byte)'|';
        value.CopyTo(whole.AsSpan(name.Length + 1));
        return string.Concat(mark, Convert.ToHexStringLower(HMACSHA256.HashData(key, whole)).AsSpan(0, HexLength));
    }
}

/// <summary>One value under the key and under the former key; both the same without a former one.</summary>
internal sealed record IndexPair(string Index, string Former)
{
    /// <summary>Whether a row's two columns hold this value: either tells, see <see cref="LookupIndex"/>.</summary>
    public bool IsSameAs(string? index, string? former) => Index == index || Former == former;
}
