namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Section <c>Staff</c>: sign-in of staff.</summary>
internal sealed record StaffSettings
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA512 for a password; 210,000 is OWASP's figure.</summary>
    public int PasswordIterations { get; init; } = 210_000;

    public IEnumerable<string> Faults(bool production)
    {
        if (PasswordIterations < (production ? 100_000 : 1))
        {
            yield return "Staff:PasswordIterations 过低:生产环境至少 100000。";
        }
    }
}
