using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Modules.Counselling.Supervision;

/// <summary>What in a text may say who it is about.</summary>
public enum IdentifyingKind
{
    /// <summary>称呼或姓名.</summary>
    Name,

    /// <summary>电话、证件等号码.</summary>
    Number,

    /// <summary>单位.</summary>
    Unit,
}

/// <param name="From">Position of the first character, from 0.</param>
public sealed record IdentifyingMark(int From, int Length, IdentifyingKind Kind);

/// <summary>
/// Finds names, numbers and units. What the counsellor knows anyway is marked for her; what she does not know, a real
/// name above all, is not, since whoever tried names one after the other would learn it from the marks: it is taken
/// out of what the supervisor reads (<see cref="Without"/>).
/// </summary>
internal static partial class Identifying
{
    private const int Shortest = 2;

    /// <param name="names">The alias, and what else she is called here.</param>
    /// <param name="numbers">Phones that were given.</param>
    /// <param name="units">Names of all unions; marking only hers would tell which it is.</param>
    public static IReadOnlyList<IdentifyingMark> In(string text, IEnumerable<string> names, IEnumerable<string> numbers, IEnumerable<string> units)
    {
        var marks = Known(text, names, numbers, units.SelectMany(u => new[] { u, Unit(u) }));
        marks.AddRange(Titles().Matches(text).Select(m => new IdentifyingMark(m.Index, m.Length, IdentifyingKind.Name)));
        marks.AddRange(Digits().Matches(text).Select(m => new IdentifyingMark(m.Index, m.Length, IdentifyingKind.Number)));
        marks.AddRange(Units().Matches(text).Select(m => new IdentifyingMark(m.Index, m.Length, IdentifyingKind.Unit)));

        return Apart(marks);
    }

    /// <summary>The same without the rules: only these very words, the numbers also with spaces or hyphens in them.</summary>
    public static IReadOnlyList<IdentifyingMark> OnlyIn(string text, IEnumerable<string> names, IEnumerable<string> numbers, IEnumerable<string> units) =>
        Apart(Known(text, names, numbers, units));

    private static List<IdentifyingMark> Known(string text, IEnumerable<string> names, IEnumerable<string> numbers, IEnumerable<string> units)
    {
        var marks = new List<IdentifyingMark>();
        AddAll(marks, text, names, IdentifyingKind.Name);
        AddAll(marks, text, units, IdentifyingKind.Unit);
        foreach (var number in numbers.Where(n => n.Length >= Shortest).Distinct())
        {
            var spaced = string.Join("[ \\-]*", number.Where(c => c is not (' ' or '-')).Select(c => Regex.Escape($"{c}")));
            marks.AddRange(Regex.Matches(text, spaced, RegexOptions.CultureInvariant).Select(m => new IdentifyingMark(m.Index, m.Length, IdentifyingKind.Number)));
        }

        return marks;
    }

    /// <summary>The longer of two that overlap; 新乡县造纸厂 is one thing.</summary>
    private static IReadOnlyList<IdentifyingMark> Apart(List<IdentifyingMark> marks)
    {
        var kept = new List<IdentifyingMark>();
        foreach (var mark in marks.OrderByDescending(m => m.Length).ThenBy(m => m.From))
        {
            if (!kept.Any(k => mark.From < k.From + k.Length && k.From < mark.From + mark.Length))
            {
                kept.Add(mark);
            }
        }

        return [.. kept.OrderBy(m => m.From)];
    }

    /// <summary>The text with a placeholder in each of these places.</summary>
    public static string Without(string text, IReadOnlyList<IdentifyingMark> marks)
    {
        foreach (var mark in marks.OrderByDescending(m => m.From))
        {
            var instead = mark.Kind switch { IdentifyingKind.Name => "〔称呼〕", IdentifyingKind.Number => "〔号码〕", _ => "〔单位〕" };
            text = string.Concat(text.AsSpan(0, mark.From), instead, text.AsSpan(mark.From + mark.Length));
        }

        return text;
    }

    private static void AddAll(List<IdentifyingMark> marks, string text, IEnumerable<string> words, IdentifyingKind kind)
    {
        foreach (var word in words.Where(w => w.Length >= Shortest).Distinct())
        {
            for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + word.Length, StringComparison.OrdinalIgnoreCase))
            {
                marks.Add(new IdentifyingMark(at, word.Length, kind));
            }
        }
    }

    /// <summary>翟坡镇 for 翟坡镇总工会: what people say.</summary>
    private static string Unit(string union) => Suffix().Replace(union, "") is { Length: >= 3 } place ? place : "";

    [GeneratedRegex("(基层)?(联合)?(总工会|工会联合会|工会委员会|工会)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤罗毕郝安常乐于傅齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛狄米贝明戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林钟徐邱骆高夏蔡田胡凌霍万柯卢莫房解应丁宣邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀惠曲家封靳段焦巴牧谷车侯宁仇栾甘武刘景詹束龙叶司黎薄白蒲邰赖卓蔺屠蒙池乔阴胥闻党翟谭贡劳申扶冉郦雍桑桂牛边燕冀尚农温庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧利师巩聂关荆](先生|女士|小姐|老师|师傅|主任|经理|班长|主席)")]
    private static partial Regex Titles();

    [GeneratedRegex("[0-9０-９](?:[0-9０-９ \\-]{4,24})[0-9０-９Xx]")]
    private static partial Regex Digits();

    [GeneratedRegex("[\\u4e00-\\u9fff-[在到是的从和与叫于去来把被对向]]{2,8}(有限责任公司|股份有限公司|有限公司|集团|公司|医院|小学|中学|学院|大学|幼儿园|造纸厂|化工厂|机械厂|纺织厂|分厂|总厂|厂区)")]
    private static partial Regex Units();
}
