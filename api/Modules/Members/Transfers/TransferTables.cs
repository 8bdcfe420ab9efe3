using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members.Transfers;

internal static class TransferTables
{
    extension(Db db)
    {
        public ITable<TransferRow> Transfers => db.GetTable<TransferRow>();
    }
}

/// <summary>Who started a transfer.</summary>
public enum TransferSide
{
    /// <summary>会员本人.</summary>
    [MapValue("member")]
    Member,

    /// <summary>转出工会.</summary>
    [MapValue("old_union")]
    OldUnion,

    /// <summary>转入工会.</summary>
    [MapValue("new_union")]
    NewUnion,
}

public enum TransferState
{
    /// <summary>接转中.</summary>
    [MapValue("open")]
    Open,

    /// <summary>已转入.</summary>
    [MapValue("accepted")]
    Accepted,

    /// <summary>不予接收.</summary>
    [MapValue("refused")]
    Refused,

    /// <summary>Taken back by the side that started it.</summary>
    [MapValue("cancelled")]
    Cancelled,

    /// <summary>逾期未办.</summary>
    [MapValue("timed_out")]
    TimedOut,

    /// <summary>The membership ended, or one of the unions was closed.</summary>
    [MapValue("lapsed")]
    Lapsed,
}

[Table("membership_transfers", IsColumnAttributeRequired = false)]
internal sealed record TransferRow
{
    public const string ReasonPlace = "membership_transfers.reason";
    public const string ClosingReasonPlace = "membership_transfers.closing_reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MembershipId { get; init; }

    public required string FromUnionId { get; init; }

    public required string ToUnionId { get; init; }

    public required TransferSide Side { get; init; }

    public required string StartedBy { get; init; }

    public required string ReasonSealed { get; init; }

    public required TransferState State { get; init; }

    /// <summary>The membership while open, null after: UNIQUE, one membership has one transfer at a time.</summary>
    public string? OpenMembershipId { get; init; }

    public required long StartedAt { get; init; }

    /// <summary>At this instant the new union can no longer accept.</summary>
    public required long ExpiresAt { get; init; }

    public string? ClosedBy { get; init; }

    public long? ClosedAt { get; init; }

    public string? ClosingReasonSealed { get; init; }
}
