using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<EmployerRow> Employers => db.GetTable<EmployerRow>();

        public ITable<RegistrationRow> EmployerRegistrations => db.GetTable<RegistrationRow>();

        public ITable<EmployerStepRow> EmployerSteps => db.GetTable<EmployerStepRow>();

        public ITable<VacancyRow> Vacancies => db.GetTable<VacancyRow>();

        public ITable<VacancyCheckRow> VacancyChecks => db.GetTable<VacancyCheckRow>();

        public ITable<VacancyStepRow> VacancySteps => db.GetTable<VacancyStepRow>();

        public ITable<WordRuleRow> WordRules => db.GetTable<WordRuleRow>();
    }
}

public enum EmployerState
{
    /// <summary>已核验; for how long says <c>verified_until</c>.</summary>
    [MapValue("verified")]
    Verified,

    /// <summary>已暂停: none of its vacancies is shown.</summary>
    [MapValue("suspended")]
    Suspended,
}

public enum RegistrationKind
{
    /// <summary>首次登记.</summary>
    [MapValue("registration")]
    Registration,

    /// <summary>年度续核.</summary>
    [MapValue("renewal")]
    Renewal,
}

public enum RegistrationState
{
    [MapValue("submitted")]
    Submitted,

    [MapValue("approved")]
    Approved,

    [MapValue("rejected")]
    Rejected,

    [MapValue("withdrawn")]
    Withdrawn,
}

public enum EmployerStepKind
{
    [MapValue("verification")]
    Verification,

    [MapValue("renewal")]
    Renewal,

    [MapValue("suspension")]
    Suspension,

    /// <summary>恢复.</summary>
    [MapValue("lifting")]
    Lifting,
}

/// <summary>用工形式 (domain/employment.md 4.1).</summary>
public enum VacancyForm
{
    /// <summary>全日制合同.</summary>
    [MapValue("full_time")]
    FullTime,

    /// <summary>非全日制.</summary>
    [MapValue("part_time")]
    PartTime,

    /// <summary>劳务派遣.</summary>
    [MapValue("dispatch")]
    Dispatch,

    /// <summary>实习见习.</summary>
    [MapValue("internship")]
    Internship,

    /// <summary>灵活用工.</summary>
    [MapValue("flexible")]
    Flexible,
}

/// <summary>来源.</summary>
public enum VacancySource
{
    /// <summary>企业自报.</summary>
    [MapValue("employer")]
    Employer,

    /// <summary>人社局转来.</summary>
    [MapValue("labour_bureau")]
    LabourBureau,

    /// <summary>基层工会代报.</summary>
    [MapValue("union")]
    Union,
}

/// <summary>What people decided about a vacancy; whether its end has come is judged when it is asked for (<see cref="Vacancies.Live"/>).</summary>
public enum VacancyState
{
    [MapValue("draft")]
    Draft,

    [MapValue("awaiting_approval")]
    AwaitingApproval,

    [MapValue("published")]
    Published,

    /// <summary>暂停.</summary>
    [MapValue("paused")]
    Paused,

    /// <summary>招满.</summary>
    [MapValue("filled")]
    Filled,

    /// <summary>企业撤下,或并入另一岗位.</summary>
    [MapValue("closed")]
    Closed,

    /// <summary>违规下架.</summary>
    [MapValue("taken_down")]
    TakenDown,
}

public enum VacancyStepKind
{
    [MapValue("submission")]
    Submission,

    [MapValue("approval")]
    Approval,

    [MapValue("return")]
    Return,

    [MapValue("pause")]
    Pause,

    [MapValue("resumption")]
    Resumption,

    /// <summary>续期.</summary>
    [MapValue("renewal")]
    Renewal,

    [MapValue("filling")]
    Filling,

    [MapValue("closing")]
    Closing,

    [MapValue("taking_down")]
    TakingDown,

    [MapValue("merger")]
    Merger,
}

/// <summary>五险一金.</summary>
public enum Insurance
{
    [MapValue("pension")]
    Pension,

    [MapValue("medical")]
    Medical,

    [MapValue("unemployment")]
    Unemployment,

    [MapValue("work_injury")]
    WorkInjury,

    [MapValue("maternity")]
    Maternity,

    [MapValue("housing_fund")]
    HousingFund,
}

/// <summary>食宿、班车等.</summary>
public enum Benefit
{
    [MapValue("meals")]
    Meals,

    [MapValue("lodging")]
    Lodging,

    [MapValue("shuttle")]
    Shuttle,

    [MapValue("night_allowance")]
    NightAllowance,

    [MapValue("heat_allowance")]
    HeatAllowance,

    [MapValue("paid_leave")]
    PaidLeave,

    [MapValue("training")]
    Training,
}

/// <summary>女职工禁忌从事的劳动范围 (女职工劳动保护特别规定, annex part 1): the only lawful reason to take no women.</summary>
public enum ProtectedWork
{
    /// <summary>矿山井下作业.</summary>
    [MapValue("mine")]
    Mine,

    /// <summary>体力劳动强度分级标准中规定的第四级体力劳动强度的作业.</summary>
    [MapValue("fourth_grade")]
    FourthGrade,

    /// <summary>每小时负重 6 次以上、每次负重超过 20 公斤的作业,或者间断负重、每次负重超过 25 公斤的作业.</summary>
    [MapValue("heavy_load")]
    HeavyLoad,
}

[Table("employers", IsColumnAttributeRequired = false)]
internal sealed record EmployerRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string CreditCode { get; init; }

    public required string Name { get; init; }

    /// <summary>单位性质: code of the table <c>employer_kind</c>.</summary>
    public required string Kind { get; init; }

    public required string DivisionCode { get; init; }

    public required string Address { get; init; }

    /// <summary>The union of the firm, or of its place when it has none; in whose officers' reach it lies.</summary>
    public required string UnionId { get; init; }

    public required EmployerState State { get; init; }

    /// <summary>The end of a year's verification.</summary>
    public required long VerifiedUntil { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("employer_registrations", IsColumnAttributeRequired = false)]
internal sealed record RegistrationRow
{
    public const string ReasonPlace = "employer_registrations.reason";
    public const string PhonePlace = "employer_registrations.phone";

    [PrimaryKey]
    public required string Id { get; init; }

    public required RegistrationKind Kind { get; init; }

    /// <summary>The clerk: a worker who registers her firm, or a staff account that renews.</summary>
    public required string PersonId { get; init; }

    /// <summary>Null until a first registration is approved.</summary>
    public string? EmployerId { get; init; }

    public required string CreditCode { get; init; }

    public required string Name { get; init; }

    public required string EmployerKind { get; init; }

    public required string DivisionCode { get; init; }

    public required string Address { get; init; }

    public required string UnionId { get; init; }

    /// <summary>Whether the credit code stands in the union's own record of organisations.</summary>
    public required bool IsMatched { get; init; }

    public required string ClerkName { get; init; }

    /// <summary>By which the officer reaches her.</summary>
    public required string PhoneSealed { get; init; }

    public required string LicenceFileId { get; init; }

    public required string MandateFileId { get; init; }

    /// <summary>Null once decided: the picture of an identity card is kept no longer than somebody must look at it.</summary>
    public string? IdentityFileId { get; init; }

    public required RegistrationState State { get; init; }

    /// <summary>The person while it is undecided, null after: UNIQUE.</summary>
    public string? OpenPersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    /// <summary>The one-time link by which she sets up her account.</summary>
    public string? LinkId { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

/// <summary>Whose clerk a staff account is.</summary>
[Table("employer_clerks", IsColumnAttributeRequired = false)]
internal sealed record ClerkRow
{
    [PrimaryKey]
    public required string PersonId { get; init; }

    public required string EmployerId { get; init; }

    public required long Since { get; init; }
}

[Table("employer_steps", IsColumnAttributeRequired = false)]
internal sealed record EmployerStepRow
{
    public const string ReasonPlace = "employer_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string EmployerId { get; init; }

    public required EmployerStepKind Kind { get; init; }

    /// <summary>Null when the program did it by itself.</summary>
    public string? PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public required long At { get; init; }
}

[Table("vacancies", IsColumnAttributeRequired = false)]
internal sealed record VacancyRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string EmployerId { get; init; }

    public required string MadeBy { get; init; }

    public required VacancySource Source { get; init; }

    public string? SourceNote { get; init; }

    public required string Title { get; init; }

    /// <summary>职业分类: code of the table <c>occupation</c>.</summary>
    public required string Occupation { get; init; }

    public string? Trade { get; init; }

    public string? SkillLevel { get; init; }

    public required int Headcount { get; init; }

    /// <summary>Counted by the applications alone.</summary>
    [Column(SkipOnUpdate = true)]
    public required int Hired { get; init; }

    public required VacancyForm Form { get; init; }

    /// <summary>Null: 无固定期限, or no contract of employment.</summary>
    public int? ContractMonths { get; init; }

    public required int ProbationMonths { get; init; }

    public string? Education { get; init; }

    public required int ExperienceYears { get; init; }

    public int? LeastAge { get; init; }

    public int? MostAge { get; init; }

    public ProtectedWork? ProtectedWork { get; init; }

    /// <summary>Fen a month.</summary>
    public required long PayLow { get; init; }

    public required long PayHigh { get; init; }

    public string? PayNote { get; init; }

    public int? PayDay { get; init; }

    /// <summary>Words of <see cref="Employment.Insurance"/>, parted by spaces.</summary>
    public required string Insurance { get; init; }

    public required string Hours { get; init; }

    public required string Rest { get; init; }

    public required string DivisionCode { get; init; }

    public required string Address { get; init; }

    /// <summary>Words of <see cref="Benefit"/>, parted by spaces.</summary>
    public required string Benefits { get; init; }

    public required string Duties { get; init; }

    public required string Requirements { get; init; }

    public required string ContactName { get; init; }

    public required string ContactPhone { get; init; }

    /// <summary>The last day.</summary>
    public required string EndsOn { get; init; }

    /// <summary>The first instant after it.</summary>
    public required long EndsAt { get; init; }

    public required VacancyState State { get; init; }

    public string? MergedInto { get; init; }

    public long? PublishedAt { get; init; }

    /// <summary>When it was published or last renewed: how fresh it is.</summary>
    public long? RefreshedAt { get; init; }

    /// <summary>Raised with every change; nodes read again what lies behind the turn they know.</summary>
    public required long Turn { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("vacancy_checks", IsColumnAttributeRequired = false)]
internal sealed record VacancyCheckRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string VacancyId { get; init; }

    /// <summary>JSON of <see cref="Words.Finding"/>s.</summary>
    public required string Findings { get; init; }

    public required int Blocks { get; init; }

    public required long At { get; init; }
}

[Table("vacancy_steps", IsColumnAttributeRequired = false)]
internal sealed record VacancyStepRow
{
    public const string ReasonPlace = "vacancy_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string VacancyId { get; init; }

    public required VacancyStepKind Kind { get; init; }

    public string? PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    /// <summary>What the machine had found when the person decided.</summary>
    public string? CheckId { get; init; }

    public required long At { get; init; }
}

/// <summary>A line of the word check's list (用语清单).</summary>
[Table("word_rules", IsColumnAttributeRequired = false)]
internal sealed record WordRuleRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public string? SeedKey { get; init; }

    public required Words.WordClass Class { get; init; }

    public required Words.WordLevel Level { get; init; }

    /// <summary>One pattern a line (<see cref="Words.WordPattern"/>).</summary>
    public required string Patterns { get; init; }

    /// <summary>Patterns that excuse a hit which they touch.</summary>
    public required string Exceptions { get; init; }

    /// <summary>Patterns that excuse every hit in their clause.</summary>
    public required string Clears { get; init; }

    /// <summary>Characters that stand for others, e.g. <c>押=压鸭;肝=干</c>.</summary>
    public required string Alike { get; init; }

    /// <summary>Whether 不收, 严禁 and the like before it excuse a hit.</summary>
    public required bool IsNegatable { get; init; }

    public required string Law { get; init; }

    public required string Advice { get; init; }

    public required string FromOn { get; init; }

    public string? UntilOn { get; init; }

    public string? MadeBy { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}
