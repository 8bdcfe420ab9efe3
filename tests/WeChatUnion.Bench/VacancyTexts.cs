using System.Globalization;

namespace WeChatUnion.Bench;

/// <summary>Vacancies as a county's employers write them, made up from parts; the same number gives the same text.</summary>
internal static class VacancyTexts
{
    private static readonly string[] Places = ["新乡县", "七里营", "小冀镇", "翟坡镇", "朗公庙", "古固寨", "大召营", "合河乡", "经开区"];
    private static readonly string[] Names = ["金穗", "宏远", "天岚", "清泉", "晟达", "和顺", "恒丰", "鼎盛", "嘉禾", "瑞祥", "中原", "牧野", "卫水", "平原", "豫北", "隆昌", "华星", "康达", "祥云", "博源"];
    private static readonly string[] Trades = ["面粉", "纺织", "机械制造", "造纸", "物流", "包装", "食品", "电器", "化工", "医疗器械", "建材", "制衣", "印刷", "餐饮管理", "物业服务"];
    private static readonly string[] Kinds = ["包装工", "挡车工", "数控车床操作工", "会计", "保洁员", "叉车司机", "质检员", "客服专员", "厨师", "电焊工", "仓库管理员", "缝纫工", "维修电工", "采购员", "行政文员", "销售代表", "保安员", "配送员", "装配钳工", "化验员", "月嫂", "幼儿教师", "护理员", "喷漆工", "铣工"];
    private static readonly string[] Levels = ["", "熟练", "学徒", "夜班", "长白班", "中级", "储备", "兼职"];

    private static readonly string[] Deeds =
    [
        "负责产品打包、贴标和码垛，保持现场整洁", "看护织布机，处理断头，填写交接班记录", "按图纸操作数控设备加工零件，自检尺寸", "审核单据，登记账簿，按月报税",
        "打扫车间和办公区卫生，清运垃圾", "驾驶叉车装卸货物，做好点检保养", "按标准检验来料和成品，记录不合格项", "接听客户电话，登记并跟踪处理结果",
        "准备食材，烹制大锅菜，保持厨房卫生", "焊接钢结构件，打磨焊缝，确保强度", "收发物料，盘点库存，维护台账", "裁剪缝制工作服，按件计酬", "巡检配电设备，排除故障，填写记录", "按照配方称量投料，控制温度和时间",
    ];

    private static readonly string[] Terms = ["两班倒，每周休一天", "长白班，双休，法定节假日正常休息", "综合工时，四班三运转", "入职缴纳五险，满一年缴纳公积金", "包吃住，有班车接送", "计件工资，多劳多得，每月十日发薪", "试用期一个月，转正后调薪", "提供岗前培训和劳动保护用品"];

    public static string Employer(int number) => $"{Places[number % Places.Length]}{Names[number / 3 % Names.Length]}{Trades[number / 7 % Trades.Length]}有限公司{(number > 400 ? (number / 400).ToString(CultureInfo.InvariantCulture) + "分厂" : "")}";

    public static string Title(Random random) => Levels[random.Next(Levels.Length)] + Kinds[random.Next(Kinds.Length)];

    public static string Address(Random random) => $"{Names[random.Next(Names.Length)]}路 {random.Next(1, 300).ToString(CultureInfo.InvariantCulture)} 号";

    /// <summary>Of 120 to 300 characters, as people write them.</summary>
    public static string Duties(Random random) => string.Join("；", Enumerable.Range(0, random.Next(4, 9)).Select(_ => Deeds[random.Next(Deeds.Length)])) + "。" + Terms[random.Next(Terms.Length)] + "，" + Terms[random.Next(Terms.Length)] + "。";
}
