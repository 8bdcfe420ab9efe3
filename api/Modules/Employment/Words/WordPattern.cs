using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>
/// A pattern as officers write it: words parted by <c>/</c> stand for one another, <c>+</c> joins groups of them, a group
/// ending in <c>?</c> may be missing, as may a character before a <c>?</c> within a word; <c>…</c> is a gap of up to six characters of the same clause (<c>…3</c> up to three),
/// <c>^</c> and <c>$</c> are begin and end of a clause. <c>{数}</c> is a number, <c>{民族}</c> one of the 55 minorities,
/// <c>{省份}</c> a province or a city of Henan, <c>{字}</c> any character, <c>{英数}</c> a letter, digit, - or _.
/// <example><c>限/只招+男/女</c> meets 限男, 限女, 只招男, 只招女.</example>
/// </summary>
internal static class WordPattern
{
    private const int UsualGap = 6;
    private const int LongestPattern = 1000;
    private const string Digits = "0-9零〇一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾幺";

    private static readonly Dictionary<string, string> Sets = new()
    {
        ["数"] = $"[{Digits}]{{1,8}}",
        ["号"] = "[0-9o零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺-]",
        ["字"] = "[^,。]",
        ["英数"] = "[a-z0-9_-]",
        ["省份"] = "(?:北京|天津|河北|山西|内蒙古?|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|东北|西北|苏北|皖北|"
            + "郑州|开封|洛阳|平顶山|安阳|鹤壁|新乡|焦作|濮阳|许昌|漯河|三门峡|南阳|商丘|信阳|周口|驻马店|济源|温州|潮汕|福清|凉山)[省市县]?",
        ["民族"] = "(?:蒙古|回|藏|维吾尔|维|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|"
            + "怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|少数民|某|某某|外)族",
    };

    private const int MostKept = 500;

    /// <summary>The usual list costs three seconds of the processor, so what was compiled once is kept; what an officer replaced goes with the next clearing.</summary>
    private static readonly ConcurrentDictionary<(string Lines, string Alike), Lazy<Regex?>> Kept = new();

    /// <summary>One expression for all lines. It takes time in proportion to the text whatever the list says.</summary>
    /// <returns>Null for no line.</returns>
    /// <exception cref="Refusal">A line cannot be read.</exception>
    public static Regex? Compile(string lines, string alike, string field)
    {
        if (Kept.Count > MostKept)
        {
            Kept.Clear();
        }

        // Once, also for those who come at the same moment.
        var kept = Kept.GetOrAdd((lines, alike), _ => new Lazy<Regex?>(() => CompileNow(lines, alike, field)));
        try
        {
            return kept.Value;
        }
        catch (Refusal)
        {
            Kept.TryRemove((lines, alike), out _);
            throw;
        }
    }

    private static Regex? CompileNow(string lines, string alike, string field)
    {
        var likenesses = ReadAlike(alike);
        var all = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => $"(?:{OfLine(Folding.Of(line), likenesses, field)})").ToList();
        try
        {
            return all.Count == 0 ? null : new Regex(string.Join('|', all), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            // E.g. one ? after another.
            throw Wrong(field, lines);
        }
        catch (NotSupportedException)
        {
            // More than can be read in time in proportion to the text.
            throw Refusal.OfField(field, "用语过多或可隔字过长,请分成几行登记。");
        }
    }

    private static string OfLine(string line, Dictionary<char, string> alike, string field)
    {
        if (line.Length > LongestPattern)
        {
            throw Wrong(field, line);
        }

        var pattern = new StringBuilder();
        var isFixed = false;
        foreach (var group in line.Replace("…", "+…", StringComparison.Ordinal).Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = group;
            if (rest[0] == '…')
            {
                var length = rest.Skip(1).TakeWhile(char.IsAsciiDigit).Count();
                var most = length == 0 ? UsualGap : int.Parse(rest.AsSpan(1, Math.Min(length, 2)), System.Globalization.CultureInfo.InvariantCulture);
                pattern.Append(System.Globalization.CultureInfo.InvariantCulture, $"[^,。]{{0,{most}}}");
                rest = rest[(1 + length)..];
            }

            if (rest.Length > 0)
            {
                isFixed |= !rest.EndsWith('?');
                pattern.Append(OfGroup(rest, alike, field));
            }
        }

        return isFixed ? pattern.ToString() : throw Wrong(field, line);
    }

    private static string OfGroup(string group, Dictionary<char, string> alike, string field)
    {
        var isOptional = group.EndsWith('?');
        var words = (isOptional ? group[..^1] : group).Split('/').Select(word => OfWord(word, alike, field));
        return $"(?:{string.Join('|', words)}){(isOptional ? "?" : "")}";
    }

    private static string OfWord(string word, Dictionary<char, string> alike, string field)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            var letter = word[i];
            if (letter == '{' && word.IndexOf('}', i) is > 0 and var end)
            {
                pattern.Append(Sets.TryGetValue(word[(i + 1)..end], out var set) ? set : throw Wrong(field, word));
                i = end;
            }
            else
            {
                pattern.Append(letter switch
                {
                    '?' when i > 0 => "?",
                    '^' => "(?:^|[,。])",
                    '$' => "(?:$|[,。])",
                    _ when alike.TryGetValue(letter, out var others) => $"[{letter}{others}]",
                    _ => Regex.Escape(letter.ToString()),
                });
            }
        }

        return pattern.Length > 0 ? pattern.ToString() : throw Wrong(field, word);
    }

    /// <summary>押=压鸭;肝=干.</summary>
    private static Dictionary<char, string> ReadAlike(string alike)
    {
        var read = new Dictionary<char, string>();
        foreach (var entry in alike.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            read[entry[0]] = entry.Length > 2 && char.IsLetterOrDigit(entry[0]) && entry[1] == '=' && entry.Skip(2).All(char.IsLetter) ? entry[2..] : throw Wrong("alike", entry);
        }

        return read;
    }

    private static Refusal Wrong(string field, string line) => Refusal.OfField(field, $"这一条写法不正确:{line}。同义词用 / 分开,前后相接用 +,中间可隔字用 …。");
}
