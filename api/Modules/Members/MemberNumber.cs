using System.Globalization;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// 会员编号: 18 digits, never the ID number: division (6), year (4), sequence (7), check digit (1)
/// (domain/members.md 1.2 row 1). The check digit is Luhn's mod 10, which catches one wrong digit and most swaps.
/// </summary>
internal static class MemberNumber
{
    public static string Of(string division, int year, int sequence)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"{division}{year:D4}{sequence:D7}");
        return digits + CheckDigitOf(digits);
    }

    public static bool IsValid(string? number) =>
        number is { Length: 18 } && number.All(char.IsAsciiDigit) && CheckDigitOf(number[..17]) == number[17];

    private static char CheckDigitOf(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var doubled = (digits[digits.Length - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += (doubled / 10) + (doubled % 10);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
