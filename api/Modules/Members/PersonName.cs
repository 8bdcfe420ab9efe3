using System.Text;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// A name as on the identity document: 2 to 30 characters, letters of any script (four-byte Han included) and the
/// separation dot · (U+00B7); a passport's name may have blanks between its words. No digits.
/// </summary>
internal static class PersonName
{
    /// <summary>The name in its stored form, or null when it cannot be one. Look-alikes of the dot become U+00B7.</summary>
    public static string? Parse(string? text, bool mayHaveBlanks)
    {
        var name = new StringBuilder();
        foreach (var rune in (text ?? "").Trim().EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 0x00B7 or 0x2022 or 0x2027 or 0x30FB or 0xFF0E or 0xFF65:
                    name.Append('·');
                    break;
                case ' ' when mayHaveBlanks:
                    name.Append(' ');
                    break;
                default:
                    if (!Rune.IsLetter(rune) && rune.Value is not ('\'' or '-'))
                    {
                        return null;
                    }

                    name.Append(rune.ToString());
                    break;
            }
        }

        var whole = name.ToString();
        var letters = whole.EnumerateRunes().Count();
        var dotsStandBetweenLetters = whole.Length > 0 && Rune.IsLetter(whole.EnumerateRunes().First()) && whole[^1] != '·' && !whole.Contains("··", StringComparison.Ordinal);
        return letters is >= 2 and <= 30 && whole.Length <= 30 && dotsStandBetweenLetters ? whole : null;
    }
}
