using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

internal static class ComplaintTables
{
    extension(Db db)
    {
        public ITable<VacancyComplaintRow> VacancyComplaints => db.GetTable<VacancyComplaintRow>();

        public ITable<ProvenComplaintRow> ProvenComplaints => db.GetTable<ProvenComplaintRow>();
    }
}

/// <summary>What a complaint is about.</summary>
public enum ComplaintKind
{
    /// <summary>内容虚假或与实际不符.</summary>
    [MapValue("false_content")]
    FalseContent,

    /// <summary>就业歧视.</summary>
    [MapValue("discrimination")]
    Discrimination,

    /// <summary>收费、押金、扣证.</summary>
    [MapValue("fees")]
    Fees,

    /// <summary>诈骗、传销.</summary>
    [MapValue("fraud")]
    Fraud,

    /// <summary>拖欠工资、不签合同.</summary>
    [MapValue("unpaid_wages")]
    UnpaidWages,

    /// <summary>泄露个人信息.</summary>
    [MapValue("privacy")]
    Privacy,

    /// <summary>其他.</summary>
    [MapValue("other")]
    Other,
}

public enum ComplaintState
{
    /// <summary>待处理.</summary>
    [MapValue("open")]
    Open,

    /// <summary>属实.</summary>
    [MapValue("proven")]
    Proven,

    /// <summary>不属实.</summary>
    [MapValue("unfounded")]
    Unfounded,
}

[Table("vacancy_complaints", IsColumnAttributeRequired = false)]
internal sealed record VacancyComplaintRow
{
    public const string TextPlace = "vacancy_complaints.text";
    public const string AnswerPlace = "vacancy_complaints.answer";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string VacancyId { get; init; }

    public required string EmployerId { get; init; }

    /// <summary>Who complains; no employer learns it.</summary>
    public required string PersonId { get; init; }

    /// <summary>The person while it is open, null after: UNIQUE with the vacancy.</summary>
    public string? OpenPersonId { get; init; }

    public required ComplaintKind Kind { get; init; }

    public required string TextSealed { get; init; }

    public required ComplaintState State { get; init; }

    public string? AnswerSealed { get; init; }

    /// <summary>The last day on which the union answers in time.</summary>
    public required string DueOn { get; init; }

    /// <summary>When the officers were told that this is the last day; likewise <see cref="ToldOverdueAt"/>, that it is over.</summary>
    public long? ToldDueAt { get; init; }

    public long? ToldOverdueAt { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>That a complaint about an employer proved right. It stays when whoever complained is erased, and says nothing of her.</summary>
[Table("proven_complaints", IsColumnAttributeRequired = false)]
internal sealed record ProvenComplaintRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string EmployerId { get; init; }

    public required string VacancyId { get; init; }

    public required long At { get; init; }
}
