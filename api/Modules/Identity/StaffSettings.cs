namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Section <c>Staff</c>: sign-in of staff.</summary>
internal sealed record StaffSettings
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA512 for a password; 210,000 is OWASP's figure.</summary>
    public int PasswordIterations { get; init; } = 210_000;

    /// <summary>Where the office's console is, e.g. <c>https://office.example.cn</c>; empty: links are handed over as tokens.</summary>
    public string ConsoleAddress { get; init; } = "";

    public IEnumerable<string> Faults(bool production)
    {
        if (PasswordIterations < (production ? 100_000 : 1))
        {
            yield return "Staff:PasswordIterations 过低:生产环境至少 100000。";
        }

        if (ConsoleAddress.Length > 0
            && !(Uri.TryCreate(ConsoleAddress, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttps || (!production && address.Scheme == Uri.UriSchemeHttp))))
        {
            yield return "Staff:ConsoleAddress 不是网址:请填写工作端网址(生产环境须以 https:// 开头),或留空。";
        }
    }
}
