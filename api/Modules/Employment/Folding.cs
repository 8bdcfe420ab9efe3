using System.Text;

namespace WeChatUnion.Api.Modules.Employment;

/// <summary>
/// One form for characters that people write in several: traditional and simplified, full and half width, capital and
/// small, radicals and encircled characters (⼥, ㊛) and the plain one. One character stays one character, so places in the folded text are places in the original.
/// </summary>
internal static class Folding
{
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';
    private const int WidthDistance = 0xFEE0;
    private const char IdeographicSpace = '\u3000';

    private static readonly char[] Table = Fill();

    public static char Of(char letter) => Table[letter];

    public static string Of(string text) => string.Create(text.Length, text, static (folded, original) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = Table[original[i]];
        }
    });

    /// <summary>Pairs of a traditional character and its simplified one stand in <c>seeds/reference/traditional-characters.txt</c>.</summary>
    private static char[] Fill()
    {
        var table = new char[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var letter = Plain((char)i);
            letter = letter switch
            {
                IdeographicSpace => ' ',
                >= FirstFullWidth and <= LastFullWidth => (char)(letter - WidthDistance),
                _ => letter,
            };
            table[i] = char.ToLowerInvariant(letter);
        }

        var pairs = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "seeds", "reference", "traditional-characters.txt")).ReplaceLineEndings("");
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            table[pairs[i]] = pairs[i + 1];
        }

        return table;
    }

    /// <summary>Radicals, encircled and compatibility characters, as Unicode's compatibility form (NFKC) has them.</summary>
    private static char Plain(char letter)
    {
        if (letter is not ((>= '\u2460' and <= '\u24FF') or (>= '\u2E80' and <= '\u2FDF') or (>= '\u3200' and <= '\u33FF') or (>= '\uF900' and <= '\uFAFF')))
        {
            return letter;
        }

        var plain = letter.ToString().Normalize(NormalizationForm.FormKC);
        return plain.Length == 1 ? plain[0] : letter;
    }
}
