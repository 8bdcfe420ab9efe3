using System.ComponentModel.DataAnnotations;
using System.Globalization;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Contract;

// Our own validation attributes carry the Chinese sentence; framework attributes in a request fail a house test.

/// <summary>The field must be there and not be blank.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NeededAttribute : RequiredAttribute
{
    public override string FormatErrorMessage(string name) => "此项必填。";
}

/// <summary>Length of a text in characters (UTF-16 units, so a four-byte Han character counts two).</summary>
internal sealed class LengthBetweenAttribute : StringLengthAttribute
{
    public LengthBetweenAttribute(int least, int most)
        : base(most)
    {
        Least = least;
        MinimumLength = least;
    }

    public int Least { get; }

    public override string FormatErrorMessage(string name) => Least == 0
        ? string.Create(CultureInfo.InvariantCulture, $"最多 {MaximumLength} 个字。")
        : string.Create(CultureInfo.InvariantCulture, $"长度应为 {Least} 到 {MaximumLength} 个字。");
}

/// <summary>A whole number within limits, both included.</summary>
internal sealed class BetweenAttribute(int least, int most) : RangeAttribute(least, most)
{
    public override string FormatErrorMessage(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"应为 {Minimum} 到 {Maximum} 之间的整数。");
}

/// <summary>An id as this program makes them: 32 lower-case hex characters.</summary>
internal sealed class IdAttribute() : RegularExpressionAttribute(Form)
{
    public const string Form = "^[0-9a-f]{32}$";

    public override string FormatErrorMessage(string name) => "编号格式不正确。";
}

/// <summary>A text of a fixed form, with a sentence that says which.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FormAttribute(string pattern, string sentence) : RegularExpressionAttribute(pattern)
{
    public string Sentence { get; } = sentence;

    /// <summary>The framework lets an empty text pass.</summary>
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);

    public override string FormatErrorMessage(string name) => Sentence;
}

/// <summary>One of the words of an enum: numbers are refused by the reader, gaps by this.</summary>
internal sealed class KnownWordAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null || Enum.IsDefined(value.GetType(), value);

    public override string FormatErrorMessage(string name) => "请从列出的选项中选择。";
}

/// <summary>The page of a list: <c>take</c> at most 50 (20 when not given) and the opaque <c>after</c> of the page before.</summary>
internal static class Page
{
    public const int Most = 50;
    public const int Usual = 20;

    public static int Take(int? take)
    {
        if (take is < 1 or > Most)
        {
            throw Refusal.OfField("take", "应为 1 到 50 之间的整数。");
        }

        return take ?? Usual;
    }

    /// <summary>Lists ordered by id use the last id as the mark.</summary>
    public static string? AfterId(string? after)
    {
        if (after is not null && !Ids.IsId(after))
        {
            throw WrongAfter();
        }

        return after;
    }

    public static Refusal WrongAfter() => Refusal.OfField("after", "翻页标记无效,请从第一页重新查看。");
}

/// <summary>A list of at most so many items.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtMostItemsAttribute(int most) : MaxLengthAttribute(most)
{
    public override string FormatErrorMessage(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"最多 {Length} 项。");
}
