using System.Globalization;
using WeChatUnion.Api.Infrastructure.Contract;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>号牌: what a guest is called for one evening, e.g. 男01, 女12 (domain/singles.md 2.5).</summary>
/// <param name="Sex">GB/T 2261.1: 1 男, 2 女.</param>
internal readonly record struct Plate(string Sex, int Number)
{
    public const string Man = "1";
    public const string Woman = "2";

    public bool IsMan => Sex == Man;

    public static string OtherSex(string sex) => sex == Man ? Woman : Man;

    /// <summary>Two digits at least, and no number that nobody could wear.</summary>
    public static bool IsPlate(string? text) => text is { Length: >= 3 and <= 5 } && (text[0] is '男' or '女') && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Of a text that <see cref="IsPlate"/>.</summary>
    public static Plate Read(string text) =>
        new(text[0] == '男' ? Man : Woman, int.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMan ? '男' : '女')}{Number:00}");

    /// <summary>The number that a page of a list ended with.</summary>
    public static int Mark(string? after) =>
        after is null ? 0 : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Page.WrongAfter();
}
