namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Unified social credit codes (统一社会信用代码), GB 32100-2015.</summary>
internal static class CreditCode
{
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    public static bool IsValid(string? code)
    {
        if (code is not { Length: 18 })
        {
            return false;
        }

        var sum = 0;
        var weight = 1;
        foreach (var letter in code.AsSpan(0, 17))
        {
            var value = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            sum += value * weight;
            weight = weight * 3 % 31;
        }

        return code[17] == Letters[(31 - (sum % 31)) % 31];
    }

    /// <summary>Union legal persons start with 81 or 89 (domain/members.md 1.5).</summary>
    public static bool IsOfUnion(string? code) => IsValid(code) && (code!.StartsWith("81", StringComparison.Ordinal) || code.StartsWith("89", StringComparison.Ordinal));
}
