using System.Text;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>
/// A text as the word check reads it: folded, without blanks and decoration between the characters, with <c>,</c> between
/// clauses, <c>。</c> between sentences and <c>、</c> in lists. Pictures of men and women and characters that were taken apart
/// (田力 for 男) are read as what they say. Every character knows its place in the original.
/// </summary>
internal sealed class PlainText
{
    public const char Clause = ',';
    public const char Sentence = '。';
    private const char Dot = '.';

    private readonly List<(int Start, int End)> places;

    public PlainText(string original)
    {
        Original = original;
        var letters = new List<Placed>(original.Length);
        for (var i = 0; i < original.Length; i++)
        {
            var start = i;
            var letter = Rune.TryGetRuneAt(original, i, out var rune) && !rune.IsBmp ? OfPicture(rune) : Read(original, i);
            i += !rune.IsBmp ? 1 : 0;
            if (letter is { } known)
            {
                Add(letters, new Placed(known, start, i + 1));
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
        places = [.. kept.Select(k => (k.Start, k.End))];
    }

    public string Original { get; }

    public string Text { get; }

    public (int Start, int Length) PlaceOf(int start, int length) => (places[start].Start, places[start + length - 1].End - places[start].Start);

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

    /// <summary>One character, or both halves of one that was taken apart.</summary>
    private static void Add(List<Placed> letters, Placed next)
    {
        if (letters.Count > 0 && letters[^1] is { } before && before.End == next.Start && Joined(before.Letter, next.Letter) is { } whole)
        {
            letters[^1] = new Placed(whole, before.Start, next.End);
        }
        else
        {
            letters.Add(next);
        }
    }

    private static char? Joined(char left, char right) => (left, right) switch
    {
        ('田', '力') => '男',
        ('扌', '甲') => '押',
        ('月', '干') => '肝',
        ('代', '贝') => '贷',
        ('贝', '者') => '赌',
        _ => null,
    };

    /// <summary>What lies beyond the basic plane: a man, a woman, or a letter in mathematical dress.</summary>
    private static char? OfPicture(Rune rune)
    {
        switch (rune.Value)
        {
            case 0x1F468 or 0x1F466 or 0x1F6B9 or 0x1F474:
                return '男';
            case 0x1F469 or 0x1F467 or 0x1F6BA or 0x1F475:
                return '女';
            default:
                var plain = rune.ToString().Normalize(NormalizationForm.FormKC);
                return plain.Length == 1 && char.IsLetterOrDigit(plain[0]) ? Folding.Of(plain[0]) : null;
        }
    }

    private readonly record struct Placed(char Letter, int Start, int End);

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
            '♂' => '男',
            '♀' => '女',
            _ => char.IsLetterOrDigit(letter) ? letter : null,
        };
    }

    /// <summary>限.男.性 and 押.金: a mark between single characters, and a dot beside one, part no clauses.</summary>
    private static List<Placed> WithoutPartings(List<Placed> letters)
    {
        var kept = new List<Placed>(letters.Count);
        for (var i = 0; i < letters.Count; i++)
        {
            var letter = letters[i].Letter;
            if (!IsMark(letter) || letter == ':')
            {
                kept.Add(letters[i]);
                continue;
            }

            var (before, after) = (LengthOfPart(letters, i, -1), LengthOfPart(letters, i, 1));
            var parts = letter == Dot ? before == 1 || after == 1 : before == 1 && after == 1;
            if (!parts || before == 0 || after == 0)
            {
                kept.Add(letters[i] with { Letter = letter == Dot ? Sentence : letter });
            }
        }

        return kept;
    }

    /// <summary>How many characters stand between this mark and the next one; 0 when they are not Han.</summary>
    private static int LengthOfPart(List<Placed> letters, int mark, int step)
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
