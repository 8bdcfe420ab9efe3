using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>Which body of a union somebody sits in.</summary>
public enum CommitteeBody
{
    /// <summary>工会委员会.</summary>
    [MapValue("committee")]
    Committee,

    /// <summary>经费审查委员会.</summary>
    [MapValue("audit")]
    Audit,

    /// <summary>女职工委员会.</summary>
    [MapValue("women")]
    Women,
}

public enum CommitteePost
{
    /// <summary>主席 or 主任.</summary>
    [MapValue("chair")]
    Chair,

    /// <summary>副主席 or 副主任.</summary>
    [MapValue("vice_chair")]
    ViceChair,

    /// <summary>委员.</summary>
    [MapValue("member")]
    Member,
}

/// <summary>身份 of a chair at the place of work.</summary>
public enum PersonKind
{
    /// <summary>一线职工.</summary>
    [MapValue("worker")]
    Worker,

    /// <summary>专业技术人员.</summary>
    [MapValue("technician")]
    Technician,

    /// <summary>管理人员.</summary>
    [MapValue("manager")]
    Manager,

    /// <summary>单位副职.</summary>
    [MapValue("deputy_head")]
    DeputyHead,

    /// <summary>上级工会选派.</summary>
    [MapValue("sent_by_higher_union")]
    SentByHigherUnion,

    /// <summary>其他.</summary>
    [MapValue("other")]
    Other,
}

[Table("union_committees", IsColumnAttributeRequired = false)]
internal sealed record CommitteeRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string UnionId { get; init; }

    /// <summary>届次.</summary>
    public required int TermNumber { get; init; }

    public required int TermYears { get; init; }

    public required string ElectedOn { get; init; }

    /// <summary>届满日期.</summary>
    public required string EndsOn { get; init; }

    /// <summary>The union while this is its present committee, null after: UNIQUE.</summary>
    public string? CurrentUnionId { get; init; }

    public required string RecordedBy { get; init; }

    public required long RecordedAt { get; init; }
}

[Table("union_posts", IsColumnAttributeRequired = false)]
internal sealed record PostRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string CommitteeId { get; init; }

    public required CommitteeBody Body { get; init; }

    public required CommitteePost Post { get; init; }

    public required string Name { get; init; }

    /// <summary>This and the next two: of the union's chair only.</summary>
    public PersonKind? PersonKind { get; init; }

    public bool? IsFullTime { get; init; }

    public bool? IsDirectlyElected { get; init; }

    public required string SinceOn { get; init; }

    public string? UntilOn { get; init; }

    /// <summary>The committee while she chairs it, null otherwise: UNIQUE.</summary>
    public string? ChairedCommitteeId { get; init; }
}
