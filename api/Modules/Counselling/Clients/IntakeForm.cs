using WeChatUnion.Api.Infrastructure.Contract;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>年龄段.</summary>
public enum AgeBand
{
    /// <summary>24 and younger.</summary>
    To24,

    /// <summary>25 to 34.</summary>
    From25To34,

    /// <summary>35 to 44.</summary>
    From35To44,

    /// <summary>45 to 54.</summary>
    From45To54,

    /// <summary>55 and older.</summary>
    From55,
}

/// <summary>来源: how she came here.</summary>
public enum IntakeSource
{
    /// <summary>自愿.</summary>
    Self,

    /// <summary>工会推荐.</summary>
    Union,

    /// <summary>热线转介.</summary>
    Hotline,
}

/// <summary>持续时间.</summary>
public enum TroubleDuration
{
    /// <summary>不到 2 周.</summary>
    UnderTwoWeeks,

    /// <summary>2 周到 3 个月.</summary>
    ToThreeMonths,

    /// <summary>3 到 6 个月.</summary>
    ToSixMonths,

    /// <summary>6 个月以上.</summary>
    Longer,
}

/// <summary>自伤自杀想法.</summary>
public enum HarmThoughts
{
    /// <summary>无.</summary>
    None,

    /// <summary>过去.</summary>
    Past,

    /// <summary>现在: somebody is called at once.</summary>
    Now,
}

/// <summary>方便时段.</summary>
public enum PreferredTime
{
    /// <summary>工作日白天.</summary>
    WorkdayDay,

    /// <summary>工作日晚上.</summary>
    WorkdayEvening,

    /// <summary>休息日.</summary>
    DayOff,
}

/// <summary>紧急联系人: read by crisis duty alone, when she is in danger and cannot be reached.</summary>
public sealed record EmergencyContact(
    [property: Needed, LengthBetween(1, 30)] string? Name,
    [property: Needed, LengthBetween(1, 20)] string? Relation,
    [property: Needed, Form("^[0-9+-]{5,20}$", "请填写电话号码,只用数字、+ 和 -。")] string? Phone);

/// <summary>首次登记 (domain/counselling.md 3.4); all of it may be left out.</summary>
/// <param name="Sex">Code of the table sex.</param>
/// <param name="HadTreatment">既往就诊或用药.</param>
/// <param name="UsesSubstances">酒药使用.</param>
/// <param name="CounsellorSex">希望的咨询师性别, code of the table sex.</param>
/// <param name="Times">方便时段.</param>
/// <param name="Contact">Whom may we tell when you are in danger and we cannot reach you?</param>
public sealed record IntakeForm(
    [property: KnownWord] AgeBand? Age,
    [property: Form("^[12]$", "请从 1(男)、2(女)中选择。")] string? Sex,
    [property: KnownWord] IntakeSource? Source,
    [property: AtMostItems(11)] IReadOnlyList<Topic>? Topics,
    [property: KnownWord] TroubleDuration? Duration,
    bool? HadTreatment,
    [property: KnownWord] HarmThoughts? Thoughts,
    bool? UsesSubstances,
    EmergencyContact? Contact,
    [property: Form("^[12]$", "请从 1(男)、2(女)中选择。")] string? CounsellorSex = null,
    [property: AtMostItems(3)] IReadOnlyList<PreferredTime>? Times = null);
