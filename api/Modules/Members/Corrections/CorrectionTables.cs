using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members.Corrections;

internal static class CorrectionTables
{
    extension(Db db)
    {
        public ITable<CorrectionRow> Corrections => db.GetTable<CorrectionRow>();
    }
}

public enum CorrectionState
{
    /// <summary>待复核.</summary>
    [MapValue("proposed")]
    Proposed,

    /// <summary>已更正.</summary>
    [MapValue("applied")]
    Applied,

    /// <summary>复核未通过.</summary>
    [MapValue("refused")]
    Refused,

    /// <summary>The membership ended.</summary>
    [MapValue("lapsed")]
    Lapsed,
}

/// <summary>One correction of a registration form; the values before and after are sealed JSON, field name → text.</summary>
[Table("record_corrections", IsColumnAttributeRequired = false)]
internal sealed record CorrectionRow
{
    public const string BeforePlace = "record_corrections.before";
    public const string AfterPlace = "record_corrections.after";
    public const string ReasonPlace = "record_corrections.reason";
    public const string DecisionPlace = "record_corrections.decision_reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MembershipId { get; init; }

    public required string PersonId { get; init; }

    public required string MadeBy { get; init; }

    /// <summary>Names of the corrected fields, separated by commas.</summary>
    public required string Fields { get; init; }

    public required string BeforeSealed { get; init; }

    public required string AfterSealed { get; init; }

    public string? ReasonSealed { get; init; }

    public required CorrectionState State { get; init; }

    /// <summary>The membership while proposed, null after: UNIQUE, one correction waits at a time.</summary>
    public string? OpenMembershipId { get; init; }

    public required long MadeAt { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public string? DecisionReasonSealed { get; init; }
}
