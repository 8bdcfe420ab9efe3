using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>Section <c>Audit</c>: the second place of the audit chain, and how long entries are kept.</summary>
internal sealed record AuditSettings
{
    /// <summary>No entry younger than this may ever be purged (网络安全法 art. 21: six months).</summary>
    public const int LeastKeptDays = 183;

    /// <summary>
    /// Folder for the heads of finished days; empty means <c>audit-heads</c> in the data directory. It should lie on
    /// another disk than the database; with several nodes it must be one folder that all of them see.
    /// </summary>
    public string HeadDirectory { get; init; } = "";

    /// <summary>Days that entries are kept: three years.</summary>
    public int KeptDays { get; init; } = 1096;

    public string DirectoryOf(DataDirectory data) => HeadDirectory.Length > 0 ? HeadDirectory : data.PathOf("audit-heads");

    public IEnumerable<string> Faults(bool production)
    {
        if (KeptDays < LeastKeptDays)
        {
            yield return $"Audit:KeptDays 过短:审计日志至少保存 {LeastKeptDays} 天。";
        }
    }
}
