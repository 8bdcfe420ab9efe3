using System.Globalization;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>How personal values are shown in lists (domain/overview.md 11.2).</summary>
internal static class Masking
{
    private static readonly HashSet<string> CompoundSurnames =
    [
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯", "长孙", "宇文", "独孤", "端木", "轩辕", "闻人", "申屠", "南宫",
    ];

    /// <summary>张* · 张*明 · 欧阳* · 欧阳*明; four and more keep first and last. Counts characters as people do.</summary>
    public static string Name(string name)
    {
        var letters = StringInfo.GetTextElementEnumerator(name);
        var all = new List<string>();
        while (letters.MoveNext())
        {
            all.Add(letters.GetTextElement());
        }

        if (all.Count <= 1)
        {
            return "*";
        }

        var kept = all.Count is 3 or 4 && CompoundSurnames.Contains(all[0] + all[1]) ? 2 : 1;
        return all.Count == kept + 1
            ? string.Concat(all.Take(kept)) + "*"
            : string.Concat(all.Take(kept)) + new string('*', all.Count - kept - 1) + all[^1];
    }

    /// <summary>410721********1234; other documents keep the first and the last two.</summary>
    public static string IdNumber(string number) => number.Length == 18
        ? $"{number[..6]}********{number[14..]}"
        : number.Length > 4 ? number[..2] + new string('*', number.Length - 4) + number[^2..] : new string('*', number.Length);

    /// <summary>138****1234.</summary>
    public static string Phone(string phone) => phone.Length == 11 ? $"{phone[..3]}****{phone[7..]}" : new string('*', phone.Length);
}
