namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>Section <c>Privacy</c>: the keys that live outside the database. All keys are 32 bytes in base64.</summary>
internal sealed record PrivacySettings
{
    public const string Aes = "aes-256-gcm";
    public const string Sm4 = "sm4-gcm";

    /// <summary>What new values are sealed with; values sealed with the other one are read too.</summary>
    public string Cipher { get; init; } = Aes;

    /// <summary>Which of <see cref="FieldKeys"/> seals new values.</summary>
    public string CurrentFieldKey { get; init; } = "";

    /// <summary>Key id (1–16 of a–z, 0–9, -) → key. Old keys stay for reading.</summary>
    public IReadOnlyDictionary<string, string> FieldKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>Key of the HMAC by which ID numbers and phones are looked up.</summary>
    public string IndexKey { get; init; } = "";

    /// <summary>The index key before this one, while the index is moved (<see cref="LookupIndex"/>); otherwise empty.</summary>
    public string FormerIndexKey { get; init; } = "";

    public IEnumerable<string> Faults(bool production)
    {
        if (!FieldKeys.ContainsKey(CurrentFieldKey))
        {
            yield return "Privacy:CurrentFieldKey 未指向 Privacy:FieldKeys 中的密钥:请生成 32 字节随机密钥(openssl rand -base64 32)。";
        }

        foreach (var (id, key) in FieldKeys)
        {
            if (id.Length is 0 or > 16 || id.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
            {
                yield return $"Privacy:FieldKeys 的密钥名 {id} 不合规:只能用 1 到 16 位小写字母、数字或 -。";
            }

            if (!IsKey(key))
            {
                yield return $"Privacy:FieldKeys:{id} 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成。";
            }
        }

        if (!IsKey(IndexKey))
        {
            yield return "Privacy:IndexKey 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成(openssl rand -base64 32)。";
        }

        if (Cipher is not (Aes or Sm4))
        {
            yield return $"Privacy:Cipher 只能是 {Aes} 或 {Sm4}。";
        }

        if (FormerIndexKey.Length > 0 && !IsKey(FormerIndexKey))
        {
            yield return "Privacy:FormerIndexKey 不是 32 字节的 base64 密钥,或是示例密钥:请填写更换前的 Privacy:IndexKey。";
        }
        else if (FormerIndexKey.Length > 0 && IsKey(IndexKey) && HaveOneMark(IndexKey, FormerIndexKey))
        {
            // Different keys share a mark once in 268 million.
            yield return "Privacy:FormerIndexKey 与 Privacy:IndexKey 相同或无法区分:请重新生成 Privacy:IndexKey。";
        }
    }

    private static bool HaveOneMark(string one, string other) =>
        LookupIndex.MarkOf(Convert.FromBase64String(one)) == LookupIndex.MarkOf(Convert.FromBase64String(other));

    /// <summary>A key with hardly any different bytes is a sample that somebody copied.</summary>
    public static bool IsKey(string text)
    {
        var bytes = new byte[48];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && length == 32
            && bytes.AsSpan(0, 32).ToArray().Distinct().Count() >= 12;
    }
}
