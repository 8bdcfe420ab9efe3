using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Applying;

internal static class ApplyingTables
{
    extension(Db db)
    {
        public ITable<ResumeRow> Resumes => db.GetTable<ResumeRow>();

        public ITable<HardshipMarkRow> HardshipMarks => db.GetTable<HardshipMarkRow>();

        public ITable<EmployerDisclosureRow> EmployerDisclosures => db.GetTable<EmployerDisclosureRow>();

        public ITable<VacancyApplicationRow> VacancyApplications => db.GetTable<VacancyApplicationRow>();

        public ITable<VacancyApplicationStepRow> VacancyApplicationSteps => db.GetTable<VacancyApplicationStepRow>();
    }
}

/// <summary>How far an application has come (domain/employment.md 4.2).</summary>
public enum VacancyApplicationState
{
    /// <summary>已投递.</summary>
    [MapValue("sent")]
    Sent,

    /// <summary>企业已看.</summary>
    [MapValue("seen")]
    Seen,

    /// <summary>约面.</summary>
    [MapValue("invited")]
    Invited,

    /// <summary>录用.</summary>
    [MapValue("accepted")]
    Accepted,

    /// <summary>不合适.</summary>
    [MapValue("unsuitable")]
    Unsuitable,

    /// <summary>已入职.</summary>
    [MapValue("hired")]
    Hired,

    /// <summary>已撤回, by the worker.</summary>
    [MapValue("withdrawn")]
    Withdrawn,
}

/// <summary>不合适的原因: a list and no words of the employer's own, so that none can say what the law forbids to weigh.</summary>
public enum UnsuitableReason
{
    /// <summary>岗位已招满.</summary>
    [MapValue("filled")]
    Filled,

    /// <summary>技能与岗位要求不符.</summary>
    [MapValue("skills")]
    Skills,

    /// <summary>工作经验不足.</summary>
    [MapValue("experience")]
    Experience,

    /// <summary>缺少岗位必需的证书.</summary>
    [MapValue("certificate")]
    Certificate,

    /// <summary>工作时间未能达成一致.</summary>
    [MapValue("hours")]
    Hours,

    /// <summary>待遇未能达成一致.</summary>
    [MapValue("pay")]
    Pay,

    /// <summary>未到面试.</summary>
    [MapValue("did_not_come")]
    DidNotCome,

    /// <summary>本人放弃.</summary>
    [MapValue("declined")]
    Declined,
}

/// <summary>更正入职登记的原因: a list and no words of the employer's own.</summary>
public enum HiringCorrectionReason
{
    /// <summary>本人没有入职.</summary>
    [MapValue("did_not_start")]
    DidNotStart,

    /// <summary>登记到了另一人名下.</summary>
    [MapValue("wrong_person")]
    WrongPerson,

    /// <summary>合同签订日登记有误.</summary>
    [MapValue("wrong_day")]
    WrongDay,
}

[Table("vacancy_applications", IsColumnAttributeRequired = false)]
internal sealed record VacancyApplicationRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string VacancyId { get; init; }

    public required string PersonId { get; init; }

    public required VacancyApplicationState State { get; init; }

    public UnsuitableReason? Reason { get; init; }

    public long? InterviewAt { get; init; }

    public string? InterviewPlace { get; init; }

    /// <summary>合同签订日.</summary>
    public string? ContractOn { get; init; }

    /// <summary>From this instant on the employer is late.</summary>
    public required long AnswerDueAt { get; init; }

    /// <summary>When she was told that the employer is late.</summary>
    public long? ToldAt { get; init; }

    public long? FollowUpDueAt { get; init; }

    public long? AskedAt { get; init; }

    /// <summary>What she answered three months after: 稳定就业.</summary>
    public bool? IsStillThere { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    [NotColumn]
    public bool IsAwaitingAnswer => State is VacancyApplicationState.Sent or VacancyApplicationState.Seen;
}

[Table("vacancy_application_steps", IsColumnAttributeRequired = false)]
internal sealed record VacancyApplicationStepRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ApplicationId { get; init; }

    /// <summary>The state that began.</summary>
    public required VacancyApplicationState State { get; init; }

    /// <summary>With a correction: what was wrong.</summary>
    public HiringCorrectionReason? Reason { get; init; }

    public required string PersonId { get; init; }

    public required long At { get; init; }
}
