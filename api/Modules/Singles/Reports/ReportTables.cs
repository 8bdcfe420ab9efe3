using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Reports;

internal static class ReportTables
{
    extension(Db db)
    {
        public ITable<SinglesReportRow> SinglesReports => db.GetTable<SinglesReportRow>();

        public ITable<SinglesBarRow> SinglesBars => db.GetTable<SinglesBarRow>();
    }
}

/// <summary>举报的事由 (domain/singles.md 2.6).</summary>
public enum ReportKind
{
    /// <summary>骚扰.</summary>
    [MapValue("harassment")]
    Harassment,

    /// <summary>推销.</summary>
    [MapValue("selling")]
    Selling,

    /// <summary>借贷.</summary>
    [MapValue("lending")]
    Lending,

    /// <summary>偷拍.</summary>
    [MapValue("filming")]
    Filming,

    /// <summary>虚假单身或身份.</summary>
    [MapValue("false_identity")]
    FalseIdentity,

    /// <summary>其他.</summary>
    [MapValue("other")]
    Other,
}

/// <summary>What came of a report.</summary>
public enum ReportState
{
    /// <summary>待处理.</summary>
    [MapValue("open")]
    Open,

    /// <summary>不成立.</summary>
    [MapValue("dismissed")]
    Dismissed,

    /// <summary>警告.</summary>
    [MapValue("warned")]
    Warned,

    /// <summary>限制参加.</summary>
    [MapValue("barred")]
    Barred,
}

[Table("singles_reports", IsColumnAttributeRequired = false)]
internal sealed record SinglesReportRow
{
    public const string TextPlace = "singles_reports.text";
    public const string AnswerPlace = "singles_reports.answer";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required string PersonId { get; init; }

    public required string ReportedId { get; init; }

    public required ReportKind Kind { get; init; }

    public required string TextSealed { get; init; }

    public required ReportState State { get; init; }

    public string? AnswerSealed { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>限制参加: in force until its last day, or for ever; lifted by another officer.</summary>
[Table("singles_bars", IsColumnAttributeRequired = false)]
internal sealed record SinglesBarRow
{
    public const string ReasonPlace = "singles_bars.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>The union whose officers decided.</summary>
    public required string UnionId { get; init; }

    /// <summary>The end of the last day; null: for ever.</summary>
    public long? EndsAt { get; init; }

    public required string ReasonSealed { get; init; }

    public required string MadeBy { get; init; }

    public required long At { get; init; }

    public string? LiftedBy { get; init; }

    public long? LiftedAt { get; init; }

    /// <summary>The last day; null: for ever.</summary>
    [NotColumn]
    public DateOnly? UntilOn => EndsAt is { } end ? Instants.DateOf(end - 1) : null;
}
