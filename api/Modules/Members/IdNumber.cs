using System.Globalization;
using System.Text;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// Resident identity numbers (公民身份号码), GB 11643-1999: 18 characters, a real date of birth, sex in the 17th
/// digit, a check character. Sex and birth are derived, never typed.
/// </summary>
/// <param name="Number">18 characters with an upper-case X.</param>
/// <param name="Birth">Digits 7–14.</param>
/// <param name="Sex">GB/T 2261.1: <c>1</c> 男, <c>2</c> 女.</param>
internal sealed record IdNumber(string Number, DateOnly Birth, string Sex)
{
    private const string CheckLetters = "10X98765432";

    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>
    /// The one kind of document that carries such a number, as a code of the table <c>id_type</c>: residence permits of
    /// 港澳台居民 begin with 810000, 820000 or 830000 (港澳台居民居住证申领发放办法, 2018, art. 5), permanent residence cards of
    /// foreigners since 2023 with 9, all others are resident cards.
    /// </summary>
    public string IdType => Number[..6] is "810000" or "820000" or "830000" ? "2" : Number[0] == '9' ? "6" : "1";

    /// <summary>Null unless the number is valid and the birth not after <paramref name="today"/>.</summary>
    public static IdNumber? Parse(string? text, DateOnly today)
    {
        var number = Narrow(text);
        if (number.Length != 18
            || number.AsSpan(0, 17).ContainsAnyExceptInRange('0', '9')
            || number[17] != CheckLetterOf(number)
            || !DateOnly.TryParseExact(number.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth)
            || birth > today
            || birth.Year < 1900)
        {
            return null;
        }

        return new IdNumber(number, birth, (number[16] - '0') % 2 == 1 ? "1" : "2");
    }

    /// <summary>Full-width digits become half-width, x becomes X, blanks vanish.</summary>
    public static string Narrow(string? text) =>
        (text ?? "").Normalize(NormalizationForm.FormKC).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static char CheckLetterOf(string number)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
        {
            sum += (number[i] - '0') * Weights[i];
        }

        return CheckLetters[sum % 11];
    }
}
