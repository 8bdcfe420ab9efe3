namespace WeChatUnion.Api.Modules.Counselling.Scales;

/// <summary>量表 (domain/counselling.md 3.5).</summary>
public enum Scale
{
    /// <summary>PHQ-9, nine items.</summary>
    Phq9,

    /// <summary>GAD-7, seven items.</summary>
    Gad7,
}

/// <summary>What answers add up to. It is screening (筛查), never a diagnosis (精神卫生法 art. 23).</summary>
/// <param name="Word">E.g. 轻度倾向.</param>
/// <param name="RetestInWeeks">When to answer again; null: no need.</param>
internal sealed record ScaleReading(int Sum, string Word, string Advice, int? RetestInWeeks);

/// <summary>Pure rules of the scales.</summary>
internal static class ScaleRules
{
    public const string Disclaimer = "结果仅为筛查,供了解近况参考,不代替医疗机构的判断。";
    public const int MostOfAnItem = 3;

    /// <summary>PHQ-9 item 9, counted from 0: 有不如死掉或用某种方式伤害自己的念头.</summary>
    private const int ItemOfHarm = 8;

    public static readonly IReadOnlyList<string> Choices = ["完全没有", "有几天", "一半以上时间", "几乎每天"];

    public static IReadOnlyList<string> ItemsOf(Scale scale) => scale == Scale.Phq9
        ?
        [
            "做事提不起劲或没有兴趣", "心情低落、沮丧或绝望", "入睡困难、睡不安稳或睡得过多", "感觉疲倦或没有活力", "食欲不振或吃太多",
            "觉得自己很糟、很失败,让自己或家人失望", "注意力难以集中", "行动说话缓慢或烦躁坐立不安", "有不如死掉或用某种方式伤害自己的念头",
        ]
        : ["感觉紧张、焦虑或急切", "不能停止或控制担忧", "对各种事情担忧过多", "很难放松下来", "由于不安而无法静坐", "容易烦恼或急躁", "感到似乎有可怕的事要发生而害怕"];

    /// <summary>Item 9 decides, whatever the sum; 20 and more is orange as well.</summary>
    public static CrisisLevel? RiskOf(Scale scale, IReadOnlyList<int> answers) => scale switch
    {
        Scale.Phq9 when answers[ItemOfHarm] >= 2 || answers.Sum() >= 20 => CrisisLevel.Orange,
        Scale.Phq9 when answers[ItemOfHarm] == 1 => CrisisLevel.Yellow,
        _ => null,
    };

    public static ScaleReading ReadingOf(Scale scale, IReadOnlyList<int> answers)
    {
        var sum = answers.Sum();
        return scale == Scale.Phq9
            ? sum switch
            {
                <= 4 => new(sum, "无或极轻", "状态平稳,请继续保持规律作息和运动。", null),
                <= 9 => new(sum, "轻度倾向", "可以和咨询师聊一聊,并在两到四周后再测一次。", 2),
                <= 14 => new(sum, "中度倾向", "建议预约咨询师,请专业人员做进一步评估。", 2),
                <= 19 => new(sum, "中重度倾向", "请尽快(三个工作日内)预约咨询师,并建议到医疗机构就诊。", 2),
                _ => new(sum, "重度倾向", "请在一天内联系咨询师或拨打 12356,并建议到精神专科就诊。", 2),
            }
            : sum switch
            {
                <= 4 => new(sum, "无", "状态平稳,请继续保持规律作息和运动。", null),
                <= 9 => new(sum, "轻度倾向", "可以和咨询师聊一聊,并在两到四周后再测一次。", 2),
                <= 14 => new(sum, "中度倾向", "建议预约咨询师,请专业人员做进一步评估。", 2),
                _ => new(sum, "重度倾向", "请尽快预约咨询师,并建议到医疗机构就诊。", 2),
            };
    }
}
