using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>
/// 岗位信息, as an employer writes it and reads it back (domain/employment.md 4.1). There is no field for a sex; the only
/// lawful limit is protected work with its clause. The pay is a range: 面议 alone is not allowed.
/// </summary>
/// <param name="Occupation">职业分类: code of the table <c>occupation</c>.</param>
/// <param name="Trade">工种.</param>
/// <param name="SkillLevel">Code of the table <c>skill_level</c>; leave out for none.</param>
/// <param name="ContractMonths">合同期限; leave out for 无固定期限, or where there is no contract of employment.</param>
/// <param name="ProbationMonths">试用期, within 劳动合同法 第十九条.</param>
/// <param name="Education">Code of the table <c>education</c>; leave out for 不限.</param>
/// <param name="ProtectedWork">女职工禁忌劳动范围岗位: which clause of the annex.</param>
/// <param name="PayLow">Fen a month; not below the minimum wage of the place.</param>
/// <param name="PayHigh">Fen a month.</param>
/// <param name="PayNote">工资构成.</param>
/// <param name="PayDay">发薪日.</param>
/// <param name="Hours">工作时间.</param>
/// <param name="Rest">休息.</param>
/// <param name="DivisionCode">工作地点's division.</param>
/// <param name="Duties">工作内容.</param>
/// <param name="Requirements">任职要求.</param>
/// <param name="EndsOn">有效期至: the last day, at most 60 days from now.</param>
/// <param name="Source">Officers only: whose vacancy they pass on.</param>
/// <param name="SourceNote">Where it was published first; needed with a source other than employer.</param>
public sealed record VacancyDetails(
    [property: Needed, LengthBetween(2, 30)] string? Title,
    [property: Needed, CodeOf("occupation")] string? Occupation,
    [property: LengthBetween(0, 30)] string? Trade,
    [property: CodeOf("skill_level")] string? SkillLevel,
    [property: Needed, Between(1, 9999)] int? Headcount,
    [property: Needed, KnownWord] VacancyForm? Form,
    [property: Between(1, 240)] int? ContractMonths,
    [property: Needed, Between(0, 6)] int? ProbationMonths,
    [property: CodeOf("education")] string? Education,
    [property: Needed, Between(0, 40)] int? ExperienceYears,
    [property: Between(16, 80)] int? LeastAge,
    [property: Between(16, 80)] int? MostAge,
    [property: KnownWord] ProtectedWork? ProtectedWork,
    [property: Needed, Between(1, 100_000_000)] int? PayLow,
    [property: Needed, Between(1, 100_000_000)] int? PayHigh,
    [property: LengthBetween(0, 200)] string? PayNote,
    [property: Between(1, 31)] int? PayDay,
    [property: Needed, AtMostItems(6)] IReadOnlyList<Insurance>? Insurance,
    [property: Needed, LengthBetween(2, 100)] string? Hours,
    [property: Needed, LengthBetween(2, 100)] string? Rest,
    [property: Needed, Form("^[0-9]{6,12}$", "请选择工作地点的行政区划。")] string? DivisionCode,
    [property: Needed, LengthBetween(2, 120)] string? Address,
    [property: AtMostItems(7)] IReadOnlyList<Benefit>? Benefits,
    [property: Needed, LengthBetween(5, 500)] string? Duties,
    [property: Needed, LengthBetween(2, 500)] string? Requirements,
    [property: Needed, LengthBetween(2, 30)] string? ContactName,
    [property: Needed, Form(Employers.Registration.PhoneForm, Employers.Registration.PhoneAdvice)] string? ContactPhone,
    [property: Needed] DateOnly? EndsOn,
    [property: KnownWord] VacancySource? Source,
    [property: LengthBetween(0, 60)] string? SourceNote)
{
    /// <summary>劳务派遣: a contract of two years or more (劳动合同法 第五十八条).</summary>
    private const int LeastDispatchMonths = 24;

    internal static VacancyDetails Of(VacancyRow v) => new(
        v.Title, v.Occupation, v.Trade, v.SkillLevel, v.Headcount, v.Form, v.ContractMonths, v.ProbationMonths, v.Education, v.ExperienceYears, v.LeastAge, v.MostAge, v.ProtectedWork, (int)v.PayLow, (int)v.PayHigh, v.PayNote, v.PayDay, [.. Words<Insurance>(v.Insurance)], v.Hours, v.Rest, v.DivisionCode, v.Address, [.. Words<Benefit>(v.Benefits)], v.Duties, v.Requirements, v.ContactName, v.ContactPhone, Instants.Date(v.EndsOn), v.Source, v.SourceNote);

    /// <summary>The texts that the word check reads, by field.</summary>
    internal IEnumerable<(string Field, string? Text)> Texts() =>
    [
        ("title", Title), ("trade", Trade), ("payNote", PayNote), ("hours", Hours), ("rest", Rest), ("duties", Duties), ("requirements", Requirements),
        ("address", Address), ("contactName", ContactName), ("sourceNote", SourceNote),
    ];

    /// <summary>What single fields cannot see.</summary>
    internal void Check(EmploymentSettings settings, DateOnly today)
    {
        var errors = new Dictionary<string, string[]>();
        var isEmployed = Form is VacancyForm.FullTime or VacancyForm.Dispatch;
        Unless(PayLow <= PayHigh, "payHigh", "月薪上限不应低于下限。");
        Unless(PayHigh <= (long)PayLow!.Value * settings.MostPaySpread, "payHigh", $"月薪上限不应超过下限的 {settings.MostPaySpread} 倍,请按实际填写。");

        // Part-time, internship and flexible work are paid by the hour or the piece; the monthly minimum does not apply to them.
        var minimum = settings.MinimumWageOf(DivisionCode!, today);
        Unless(!isEmployed || PayLow >= minimum, "payLow", $"月薪下限不能低于当地最低工资标准 {minimum / 100} 元。");
        Unless(!isEmployed || ProbationMonths <= MostProbation(ContractMonths), "probationMonths", $"按合同期限,试用期最长 {MostProbation(ContractMonths)} 个月(劳动合同法第十九条)。");
        Unless(Form != VacancyForm.PartTime || ProbationMonths == 0, "probationMonths", "非全日制用工不得约定试用期(劳动合同法第七十条)。");
        Unless(Form != VacancyForm.Dispatch || ContractMonths is null or >= LeastDispatchMonths, "contractMonths", "劳务派遣应订立二年以上的固定期限劳动合同(劳动合同法第五十八条)。");
        Unless(LeastAge is null || MostAge is null || LeastAge <= MostAge, "mostAge", "年龄上限不应低于下限。");
        Unless(EndsOn >= today, "endsOn", "有效期不能早于今天。");
        Unless(EndsOn <= today.AddDays(settings.MostDays), "endsOn", $"有效期最长 {settings.MostDays} 天,到期可以一键续期。");
        Unless(Insurance!.All(Enum.IsDefined) && Benefits?.All(Enum.IsDefined) != false, "insurance", "请从列出的选项中选择。");
        Unless(Source is null or VacancySource.Employer || SourceNote is { Length: > 1 }, "sourceNote", "转发的岗位请注明来源。");
        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors.ToDictionary(e => $"vacancy.{e.Key}", e => e.Value));
        }

        void Unless(bool isRight, string field, string sentence)
        {
            if (!isRight)
            {
                errors.TryAdd(field, [sentence]);
            }
        }
    }

    internal VacancyRow Into(VacancyRow row) => row with
    {
        Title = Title!,
        Occupation = Occupation!,
        Trade = Trade is "" ? null : Trade,
        SkillLevel = SkillLevel,
        Headcount = Headcount!.Value,
        Form = Form!.Value,
        ContractMonths = ContractMonths,
        ProbationMonths = ProbationMonths!.Value,
        Education = Education,
        ExperienceYears = ExperienceYears!.Value,
        LeastAge = LeastAge,
        MostAge = MostAge,
        ProtectedWork = ProtectedWork,
        PayLow = PayLow!.Value,
        PayHigh = PayHigh!.Value,
        PayNote = PayNote is "" ? null : PayNote,
        PayDay = PayDay,
        Insurance = Joined(Insurance!),
        Hours = Hours!,
        Rest = Rest!,
        DivisionCode = DivisionCode!,
        Address = Address!,
        Benefits = Joined(Benefits ?? []),
        Duties = Duties!,
        Requirements = Requirements!,
        ContactName = ContactName!,
        ContactPhone = ContactPhone!,
        EndsOn = EndsOn!.Value.Stored(),
        EndsAt = Instants.StartOf(EndsOn.Value.AddDays(1)),
        SourceNote = SourceNote is "" ? null : SourceNote,
    };

    /// <summary>劳动合同法 第十九条; under three months none.</summary>
    private static int MostProbation(int? contractMonths) => contractMonths switch
    {
        null or >= 36 => 6,
        >= 12 => 2,
        >= 3 => 1,
        _ => 0,
    };

    private static IEnumerable<T> Words<T>(string stored)
        where T : struct, Enum => stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(StoredWord<T>.Read);

    private static string Joined<T>(IEnumerable<T> words)
        where T : struct, Enum => string.Join(' ', words.Distinct().Select(w => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(w.ToString())));
}
