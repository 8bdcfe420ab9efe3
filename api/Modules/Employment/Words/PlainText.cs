namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>
/// A text as the word check reads it: folded, without blanks and decoration between the characters, with <c>,</c> between
/// clauses, <c>。</c> between sentences and <c>、</c> in lists. Every character knows its place in the original.
/// </summary>
internal sealed class PlainText
{
    public const char Clause = ',';
    public const char Sentence = '。';
    private const char Dot = '.';

    private readonly List<int> places;

    public PlainText(string original)
    {
        Original = original;
        var letters = new List<(char Letter, int Place)>(original.Length);
        for (var i = 0; i < original.Length; i++)
        {
            if (Read(original, i) is { } letter)
            {
                letters.Add((letter, i));
            }
        }

        var kept = WithoutPartings(letters);
        Text = string.Create(kept.Count, kept, static (text, all) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = all[i].Letter;
            }
        });
        places = [.. kept.Select(k => k.Place)];
    }

    public string Original { get; }

    public string Text { get; }

    public (int Start, int Length) PlaceOf(int start, int length) => (places[start], places[start + length - 1] + 1 - places[start]);

    /// <summary>Begin and end of the clause, or of the whole sentence, in which a hit stands.</summary>
    public (int Start, int End) Around(int start, int length, bool wholeSentence)
    {
        var begin = start;
        while (begin > 0 && !Ends(Text[begin - 1]))
        {
            begin--;
        }

        var end = start + length;
        while (end < Text.Length && !Ends(Text[end]))
        {
            end++;
        }

        return (begin, end);

        bool Ends(char letter) => letter == Sentence || (!wholeSentence && letter == Clause);
    }

    /// <summary>The character to keep, or null for one that only decorates.</summary>
    private static char? Read(string text, int i)
    {
        var letter = Folding.Of(text[i]);
        var isWithinAscii = i > 0 && i + 1 < text.Length && char.IsAsciiLetterOrDigit(Folding.Of(text[i - 1])) && char.IsAsciiLetterOrDigit(Folding.Of(text[i + 1]));
        return letter switch
        {
            '.' or '-' or '/' or ':' or '@' or '_' when isWithinAscii => letter,
            '~' or '—' or '–' or '―' when isWithinAscii => '-',
            ',' when isWithinAscii => null,
            '.' => Dot,
            '。' or '!' or '?' or ';' or '\n' or '\r' => Sentence,
            ',' => Clause,
            '、' or ':' => letter,
            >= '①' and <= '⑨' => (char)('1' + (letter - '①')),
            '♂' => '男',
            '♀' => '女',
            _ => char.IsLetterOrDigit(letter) ? letter : null,
        };
    }

    /// <summary>限.男.性 and 押.金: a mark between single characters, and a dot beside one, part no clauses.</summary>
    private static List<(char Letter, int Place)> WithoutPartings(List<(char Letter, int Place)> letters)
    {
        var kept = new List<(char Letter, int Place)>(letters.Count);
        for (var i = 0; i < letters.Count; i++)
        {
            var (letter, place) = letters[i];
            if (!IsMark(letter) || letter == ':')
            {
                kept.Add((letter, place));
                continue;
            }

            var (before, after) = (LengthOfPart(letters, i, -1), LengthOfPart(letters, i, 1));
            var parts = letter == Dot ? before == 1 || after == 1 : before == 1 && after == 1;
            if (!parts || before == 0 || after == 0)
            {
                kept.Add((letter == Dot ? Sentence : letter, place));
            }
        }

        return kept;
    }

    /// <summary>How many characters stand between this mark and the next one; 0 when they are not Han.</summary>
    private static int LengthOfPart(List<(char Letter, int Place)> letters, int mark, int step)
    {
        var length = 0;
        for (var i = mark + step; i >= 0 && i < letters.Count && !IsMark(letters[i].Letter); i += step)
        {
            length++;
            if (length == 1 && letters[i].Letter is < '\u3400' or > '\u9FFF')
            {
                return 0;
            }
        }

        return length;
    }

    private static bool IsMark(char letter) => letter is Clause or Sentence or Dot or '、' or ':';
}
