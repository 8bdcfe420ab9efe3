using System.Globalization;
using System.Text;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>
/// Fills a template's fields within WeChat's limits (wechat-platform.md 1.8): cut on whole characters as people see them,
/// without line breaks, never empty, since an empty value is refused as a whole.
/// </summary>
internal static class TemplateValues
{
    private const string Nothing = "无";

    /// <param name="createdAt">Fills a time that no fact gives.</param>
    public static Dictionary<string, string> Of(NoticeKind kind, NoticeTemplate template, Notice notice, long createdAt) =>
        template.Fields.ToDictionary(f => f.Key, f => ValueOf(f, kind, notice, createdAt));

    /// <summary>A text as WeChat accepts it in a field of this prefix; null if nothing of it can be shown there.</summary>
    public static string? Fit(string key, string? text)
    {
        var whole = Plain(text ?? "");
        var fit = Prefix(key) switch
        {
            "thing" => Cut(whole, 20, "…"),
            "phrase" => Cut(Only(whole, IsHan), 5),
            "name" => Cut(whole, 10),
            "character_string" => Cut(Only(whole, char.IsAscii), 32),
            "letter" => Cut(Only(whole, char.IsAsciiLetter), 32),
            "symbol" => Cut(Only(whole, c => char.IsPunctuation(c) || char.IsSymbol(c)), 5),
            "number" => Cut(Only(whole, c => char.IsAsciiDigit(c) || c == '.'), 32),
            "phone_number" => Cut(Only(whole, c => char.IsAsciiDigit(c) || c is '+' or '-'), 17),
            "car_number" => Cut(whole, 8),
            _ => whole,
        };
        return fit.Length == 0 ? null : fit;
    }

    private static string ValueOf(TemplateField field, NoticeKind kind, Notice notice, long createdAt)
    {
        var fact = field.Fact is { } name ? notice.Facts?.GetValueOrDefault(name) : null;
        if (Prefix(field.Key) is "time" or "date")
        {
            var at = long.TryParse(fact, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : createdAt;
            return Instants.At(at).ToString("yyyy年M月d日 HH:mm", CultureInfo.InvariantCulture);
        }

        // What a sensitive notice says of itself stays inside.
        var own = kind.IsSensitive ? null : Fit(field.Key, fact);
        return own ?? Fit(field.Key, field.Otherwise ?? (kind.IsSensitive ? null : notice.Title)) ?? Nothing;
    }

    private static string Prefix(string key) => key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            plain.Append(char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter);
        }

        return plain.ToString().Trim();
    }

    private static string Only(string text, Func<char, bool> may) => new([.. text.Where(may)]);

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';

    /// <param name="sign">Takes the last place where something was cut off; other fields than plain text know no such sign.</param>
    private static string Cut(string text, int most, string sign = "")
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        var count = 0;
        while (elements.MoveNext())
        {
            if (count == most - sign.Length && new StringInfo(text[elements.ElementIndex..]).LengthInTextElements > sign.Length)
            {
                return text[..elements.ElementIndex].TrimEnd() + sign;
            }

            count++;
        }

        return text;
    }
}
