using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>What a text must not say (domain/employment.md 4.3).</summary>
public enum WordClass
{
    /// <summary>性别、婚育.</summary>
    [MapValue("sex")]
    Sex,

    /// <summary>民族、种族、宗教.</summary>
    [MapValue("ethnicity")]
    Ethnicity,

    /// <summary>户籍、地域.</summary>
    [MapValue("household")]
    Household,

    /// <summary>传染病病原携带.</summary>
    [MapValue("disease")]
    Disease,

    /// <summary>残疾.</summary>
    [MapValue("disability")]
    Disability,

    /// <summary>收费、扣证.</summary>
    [MapValue("money")]
    Money,

    /// <summary>培训贷.</summary>
    [MapValue("loan")]
    Loan,

    /// <summary>诈骗.</summary>
    [MapValue("fraud")]
    Fraud,

    /// <summary>年龄.</summary>
    [MapValue("age")]
    Age,

    /// <summary>文中的联系方式.</summary>
    [MapValue("contact")]
    Contact,

    /// <summary>其他, of officers' own lines.</summary>
    [MapValue("other")]
    Other,
}

public enum WordLevel
{
    /// <summary>Stands against publication until a person overrules it with a reason.</summary>
    [MapValue("block")]
    Block,

    /// <summary>Shown to employer and officer.</summary>
    [MapValue("warn")]
    Warn,

    /// <summary>Stands against publication, and is handed on to the authorities (诈骗线索).</summary>
    [MapValue("report")]
    Report,
}

/// <summary>What the machine found at one place.</summary>
/// <param name="Field">Which text, in JSON names, e.g. <c>duties</c>.</param>
/// <param name="Start">The first character, counted from 0 in UTF-16 units.</param>
/// <param name="Length">How many.</param>
/// <param name="Words">What stands there.</param>
/// <param name="Law">The basis.</param>
/// <param name="Advice">What to write instead.</param>
/// <param name="RuleId">The line of the list.</param>
public sealed record Finding(string Field, int Start, int Length, string Words, WordClass Class, WordLevel Level, string Law, string Advice, string RuleId)
{
    internal bool StandsAgainst => Level != WordLevel.Warn;
}
