using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Conduct.Appeals;

/// <summary>Where an appeal stands (申诉状态).</summary>
public enum AppealState
{
    /// <summary>处理中.</summary>
    [MapValue("open")]
    Open,

    /// <summary>申诉成立: the points are lifted.</summary>
    [MapValue("accepted")]
    Accepted,

    /// <summary>申诉不成立.</summary>
    [MapValue("refused")]
    Refused,
}

[Table("conduct_appeals", IsColumnAttributeRequired = false)]
internal sealed record ConductAppealRow
{
    public const string ReasonPlace = "conduct_appeals.reason";
    public const string AnswerPlace = "conduct_appeals.answer";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PointId { get; init; }

    /// <summary>The points while the appeal is open, null after: UNIQUE, one open appeal a row of points.</summary>
    public string? OpenPointId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>The union whose officers decide, as the source's module told when the appeal was made.</summary>
    public required string UnionId { get; init; }

    public required AppealState State { get; init; }

    public required string ReasonSealed { get; init; }

    public string? AnswerSealed { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public required long CreatedAt { get; init; }
}
