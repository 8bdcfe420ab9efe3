using System.Text.RegularExpressions;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>A line of the list, ready to read texts.</summary>
internal sealed record WordRule(WordRuleRow Row, Regex Patterns, Regex? Exceptions, Regex? Clears)
{
    public static WordRule Of(WordRuleRow row) => new(
        row,
        WordPattern.Compile(row.Patterns, row.Alike, "patterns")!,
        WordPattern.Compile(row.Exceptions, row.Alike, "exceptions"),
        WordPattern.Compile(row.Clears, row.Alike, "clears"));
}

/// <summary>
/// Reads texts against the list of domain/employment.md 4.3. It judges clause by clause: what is denied (不收押金), speaks of
/// the goods or the customers instead of the applicants (客人入住押金), or forbids the wrong itself is no finding. The
/// machine only finds; a person decides.
/// </summary>
internal static partial class WordCheck
{
    /// <param name="texts">Field in JSON names → text.</param>
    public static IReadOnlyList<Finding> Find(IEnumerable<(string Field, string? Text)> texts, IReadOnlyList<WordRule> rules)
    {
        var found = new List<Finding>();
        foreach (var (field, original) in texts)
        {
            if (string.IsNullOrEmpty(original))
            {
                continue;
            }

            var text = new PlainText(original);
            foreach (var rule in rules)
            {
                Find(field, text, rule, found);
            }
        }

        return found;
    }

    private static void Find(string field, PlainText text, WordRule rule, List<Finding> found)
    {
        var row = rule.Row;
        for (var hit = rule.Patterns.Match(text.Text); hit.Success; hit = rule.Patterns.Match(text.Text, hit.Index + 1))
        {
            var (start, end) = Trimmed(text.Text, hit.Index, hit.Index + hit.Length);
            if (start >= end || found.Exists(f => f.Class == row.Class && f.Level == row.Level && f.Field == field && Meets(f, text.PlaceOf(start, end - start))) || IsExcused(text.Text, start, end, text, rule))
            {
                continue;
            }

            var (at, length) = text.PlaceOf(start, end - start);
            found.Add(new Finding(field, at, length, text.Original.Substring(at, length), row.Class, row.Level, row.Law, row.Advice, row.Id));
        }
    }

    /// <summary>What one line of the list has found there, another of the same class need not say again.</summary>
    private static bool Meets(Finding f, (int Start, int Length) place) => place.Start < f.Start + f.Length && f.Start < place.Start + place.Length;

    /// <summary>Marks at either side belong to the pattern's ^ and $, not to the finding.</summary>
    private static (int Start, int End) Trimmed(string text, int start, int end)
    {
        while (start < end && text[start] is PlainText.Clause or PlainText.Sentence)
        {
            start++;
        }

        while (end > start && text[end - 1] is PlainText.Clause or PlainText.Sentence)
        {
            end--;
        }

        return (start, end);
    }

    private static bool IsExcused(string whole, int start, int end, PlainText text, WordRule rule)
    {
        var (clauseStart, clauseEnd) = text.Around(start, end - start, wholeSentence: false);
        var clause = whole[clauseStart..clauseEnd];
        if (rule.Clears?.IsMatch(clause) == true || Touches(rule.Exceptions, clause, start - clauseStart, end - clauseStart))
        {
            return true;
        }

        var before = whole[clauseStart..start];
        if (Forbidden().IsMatch(before))
        {
            return true;
        }

        return rule.Row.IsNegatable && IsDenied(whole, text, (clauseStart, clauseEnd), (start, end));
    }

    private static bool Touches(Regex? exceptions, string clause, int start, int end)
    {
        for (var at = exceptions?.Match(clause); at is { Success: true }; at = exceptions!.Match(clause, at.Index + 1))
        {
            if (at.Index <= end && at.Index + at.Length >= start)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDenied(string whole, PlainText text, (int Start, int End) clause, (int Start, int End) hit)
    {
        var (before, after) = (whole[clause.Start..hit.Start], whole[hit.End..clause.End]);
        var sentence = text.Around(hit.Start, hit.End - hit.Start, wholeSentence: true);
        var rest = whole[hit.End..sentence.End];
        if (Denying().IsMatch(before))
        {
            // 不交押金不予录用: denied twice, so it is asked for.
            return !Threat().IsMatch(rest) || !Unpaid().IsMatch(before);
        }

        if (Borne().IsMatch(after) || Needless().IsMatch(whole[hit.Start..hit.End]))
        {
            return true;
        }

        // 不收任何费用,如押金、服装费: the denial of the clause before goes on.
        var earlier = whole[sentence.Start..clause.Start];
        return GoesOn().IsMatch(whole[clause.Start..hit.Start]) && DeniesFees().IsMatch(earlier);
    }

    /// <summary>Who forbids the wrong does not commit it.</summary>
    [GeneratedRegex("严禁|禁止|杜绝|严厉|打击|谨防|警惕|防范|防止|抵制|反对|识别|举报|揭露|拒绝任何|不得(?!怀|生育|结婚)|不因|不以|不得因|不设|不限|不问|不询问|不要求|不看|不歧视|不区分|不会|绝不|决不|从不|从未|远离|反诈|反洗钱|法律规定|违法|违规")]
    private static partial Regex Forbidden();

    [GeneratedRegex("不用|不需|无需|无须|毋需|不必|免收|免交|免缴|免除|免|不|无|没有|没|未|零|0|勿|非|拒收|拒绝|取消")]
    private static partial Regex Denying();

    /// <summary>Denied in the midst of the hit: 面试无需交钱.</summary>
    [GeneratedRegex("无需|无须|不需|不用|不必|不收|不交|不缴|免交|免收")]
    private static partial Regex Needless();

    /// <summary>Of these, those that may be a condition.</summary>
    [GeneratedRegex("(不|未|没|没有|无|拒绝)(交|缴|付|同意|愿|接受|能|想|肯|办|缴纳|交纳|支付|签|$)")]
    private static partial Regex Unpaid();

    [GeneratedRegex("不予|不能|无法|不得|不安排|不录|不办|不准|勿扰|勿投|免谈|概不|恕不|视为放弃")]
    private static partial Regex Threat();

    [GeneratedRegex("全免|免费|免收|免除|全额报销|报销|公司承担|公司负担|企业承担|单位承担|单位负担|公司出|厂里出|由公司|由企业|由单位|由厂|我司承担|我们承担|店里承担|公司付|公司买单|公司统一支付|补贴|补助|不收|不用|不需|无需|为零|为0|不扣|概不|一律不|一分不|均不|都不|也不|全部不|骗局|诈骗")]
    private static partial Regex Borne();

    [GeneratedRegex("^(如|例如|比如|诸如|包括|包含|含|及|以及|或|像|也不|更不|不论是|无论是|、|押金|服装费|培训费|报名费|体检费|保证金|工装费|中介费)")]
    private static partial Regex GoesOn();

    [GeneratedRegex("(不|无需|无须|免|没有|无)[^。]{0,8}(费|押金|款|钱)")]
    private static partial Regex DeniesFees();
}
