using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>What happened to a union record.</summary>
public enum UnionChangeKind
{
    /// <summary>筹建.</summary>
    [MapValue("creation")]
    Creation,

    /// <summary>批复建立.</summary>
    [MapValue("establishment")]
    Establishment,

    /// <summary>信息变更.</summary>
    [MapValue("change")]
    Change,

    /// <summary>上级变更.</summary>
    [MapValue("move")]
    Move,

    /// <summary>撤销.</summary>
    [MapValue("closure")]
    Closure,

    /// <summary>换届.</summary>
    [MapValue("election")]
    Election,

    /// <summary>主席变更.</summary>
    [MapValue("chair")]
    Chair,

    /// <summary>主席空缺.</summary>
    [MapValue("chair_vacancy")]
    ChairVacancy,

    /// <summary>超期未换届.</summary>
    [MapValue("overdue")]
    Overdue,
}

[Table("union_changes", IsColumnAttributeRequired = false)]
internal sealed record UnionChangeRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string UnionId { get; init; }

    public required UnionChangeKind Kind { get; init; }

    public string? FromParentId { get; init; }

    public string? ToParentId { get; init; }

    /// <summary>Where the members of a closed union went.</summary>
    public string? SuccessorId { get; init; }

    /// <summary>Names of the changed fields, separated by commas.</summary>
    public string? Fields { get; init; }

    public string? Reason { get; init; }

    /// <summary>Null: the calendar did it.</summary>
    public string? PersonId { get; init; }

    public required long At { get; init; }
}
