namespace WeChatUnion.Api.Modules.Singles;

/// <summary>Section <c>Singles</c>: the rules of singles' evenings (domain/singles.md 2.2, 2.5) and the key of their ballots.</summary>
internal sealed record SinglesRules
{
    private const int KeyLength = 32;
    private const int LeastVariety = 12;

    /// <summary>
    /// 32 random bytes in base64. Together with a round's closing key it opens the ballots of that round, so it lies outside
    /// the database. Empty: no round can be opened.
    /// </summary>
    public string BallotKey { get; init; } = "";

    /// <summary>Days that contacts are shown after both agreed.</summary>
    public int ContactDays { get; init; } = 30;

    public byte[]? BallotKeyBytes => BallotKey.Length == 0 ? null : Convert.FromBase64String(BallotKey);

    public IEnumerable<string> Faults()
    {
        if (BallotKey.Length > 0 && !IsKey(BallotKey))
        {
            yield return "Singles:BallotKey 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成(openssl rand -base64 32),不办单身联谊的留空。";
        }

        if (ContactDays is < 1 or > 365)
        {
            yield return "Singles:ContactDays 必须在 1 到 365 之间。";
        }
    }

    /// <summary>A key with hardly any different bytes is a sample that somebody copied.</summary>
    private static bool IsKey(string text)
    {
        var bytes = new byte[KeyLength + 1];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && length == KeyLength
            && bytes.AsSpan(0, KeyLength).ToArray().Distinct().Count() >= LeastVariety;
    }
}
