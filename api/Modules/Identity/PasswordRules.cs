using System.Globalization;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// What a staff password must be: 12 characters or more, and not made of pieces that guessers try first. No rule asks
/// for capitals or symbols: length and surprise are what counts (NIST SP 800-63B).
/// </summary>
internal static class PasswordRules
{
    public const int Least = 12;
    public const int Most = 128;

    /// <summary>So many characters must lie outside every known word, row and sequence.</summary>
    private const int LeastUnforeseen = 6;
    private const int ShortestRun = 3;
    private const int ShortestRow = 4;
    private const int ShortestOwnWord = 3;

    private static readonly string[] Rows =
    [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "!@#$%^&*()",
    ];

    private static readonly Lazy<string[]> Words = new(ReadWords);

    /// <summary>A sentence for the person, or null when the password will do.</summary>
    /// <param name="password">NFC-normalised.</param>
    /// <param name="own">What others know of her: account name, display name.</param>
    public static string? Fault(string password, params string[] own)
    {
        var length = new StringInfo(password).LengthInTextElements;
        if (length is < Least or > Most)
        {
            return $"密码应为 {Least} 到 {Most} 个字符,可以用一句自己记得住的话。";
        }

        return IsForeseeable(password.ToLowerInvariant(), own.Select(w => w.ToLowerInvariant()).Where(w => w.Length >= ShortestOwnWord))
            ? "密码过于常见或容易猜到(常用词、账号名、键盘顺序、连续或重复的字符),请换一个。"
            : null;
    }

    private static bool IsForeseeable(string password, IEnumerable<string> own)
    {
        var plain = string.Concat(password.Select(Plain));
        var foreseen = new bool[password.Length];
        foreach (var word in Words.Value.Concat(own))
        {
            Mark(foreseen, password, word);
            Mark(foreseen, plain, word);
        }

        MarkRuns(foreseen, password);
        MarkRows(foreseen, password);
        return foreseen.Count(f => !f) < LeastUnforeseen
            || password.All(char.IsAsciiDigit)
            || IsRepetition(password);
    }

    /// <summary>The letter that p@ssw0rd means.</summary>
    private static char Plain(char letter) => letter switch
    {
        '@' or '4' => 'a',
        '3' => 'e',
        '1' or '!' => 'i',
        '0' => 'o',
        '$' or '5' => 's',
        '7' => 't',
        _ => letter,
    };

    private static void Mark(bool[] foreseen, string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            Array.Fill(foreseen, true, at, word.Length);
        }
    }

    /// <summary>aaa, abc, 321, and years such as 2026.</summary>
    private static void MarkRuns(bool[] foreseen, string text)
    {
        for (var step = -1; step <= 1; step++)
        {
            for (int start = 0, end = 1; end <= text.Length; end++)
            {
                if (end < text.Length && text[end] - text[end - 1] == step)
                {
                    continue;
                }

                if (end - start >= ShortestRun)
                {
                    Array.Fill(foreseen, true, start, end - start);
                }

                start = end;
            }
        }

        for (var at = 0; at + 4 <= text.Length; at++)
        {
            if (text[at..(at + 2)] is "19" or "20" && char.IsAsciiDigit(text[at + 2]) && char.IsAsciiDigit(text[at + 3]))
            {
                Array.Fill(foreseen, true, at, 4);
            }
        }
    }

    /// <summary>Neighbours on the keyboard, either way.</summary>
    private static void MarkRows(bool[] foreseen, string text)
    {
        foreach (var row in Rows)
        {
            var back = string.Concat(row.Reverse());
            for (var at = 0; at + ShortestRow <= text.Length; at++)
            {
                var piece = text.Substring(at, ShortestRow);
                if (row.Contains(piece, StringComparison.Ordinal) || back.Contains(piece, StringComparison.Ordinal))
                {
                    Array.Fill(foreseen, true, at, ShortestRow);
                }
            }
        }
    }

    /// <summary>One piece said twice or more.</summary>
    private static bool IsRepetition(string text) =>
        Enumerable.Range(1, text.Length / 2)
            .Any(size => Enumerable.Range(size, text.Length - size).All(i => text[i] == text[i - size]));

    private static string[] ReadWords()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith('#'))];
    }
}
