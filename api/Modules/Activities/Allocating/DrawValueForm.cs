using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// How a public value is written, so that everybody who reads it at its source writes the same bytes. Of 福彩双色球: six
/// ascending red numbers 01–33, a plus sign, the blue number 01–16, as in <c>05 12 18 22 27 31+09</c>. Of any other source:
/// letters and digits in groups, one blank between them.
/// </summary>
internal static partial class DrawValueForm
{
    public const string UsualSource = "福彩双色球";
    public const string UsualSentence = "请按“05 12 18 22 27 31+09”的格式填写:六个红球从小到大,加号,一个蓝球。";
    public const string OtherSentence = "请填写字母或数字,各组之间用一个空格。";

    /// <param name="source">As an organiser writes it; null is the usual one.</param>
    public static bool IsUsual(string? source) => source is null or UsualSource;

    public static Regex OfIssue(string? source) => IsUsual(source) ? UsualIssue() : AnyIssue();

    /// <summary>Null when the value is well written, else a sentence that says how.</summary>
    public static string? Fault(string source, string value)
    {
        if (!IsUsual(source))
        {
            return OtherValue().IsMatch(value) ? null : OtherSentence;
        }

        return UsualValue().IsMatch(value) && Rises(value[..value.IndexOf('+', StringComparison.Ordinal)].Split(' ')) ? null : UsualSentence;
    }

    private static bool Rises(string[] numbers) => numbers.Zip(numbers.Skip(1)).All(p => string.CompareOrdinal(p.First, p.Second) < 0);

    [GeneratedRegex(@"\A20[0-9]{5}\z")]
    private static partial Regex UsualIssue();

    [GeneratedRegex(@"\A\S.*\z")]
    private static partial Regex AnyIssue();

    [GeneratedRegex(@"\A(0[1-9]|[12][0-9]|3[0-3])( (0[1-9]|[12][0-9]|3[0-3])){5}\+(0[1-9]|1[0-6])\z")]
    private static partial Regex UsualValue();

    [GeneratedRegex(@"\A[0-9A-Za-z]+( [0-9A-Za-z]+)*\z")]
    private static partial Regex OtherValue();
}
