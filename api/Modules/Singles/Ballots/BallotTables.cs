using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

internal static class BallotTables
{
    extension(Db db)
    {
        public ITable<BallotRoundRow> BallotRounds => db.GetTable<BallotRoundRow>();

        public ITable<BallotRow> Ballots => db.GetTable<BallotRow>();
    }
}

/// <summary>Where a round of the sealed ballot stands (互选).</summary>
public enum RoundState
{
    /// <summary>互选中.</summary>
    [MapValue("open")]
    Open,

    /// <summary>已计票.</summary>
    [MapValue("counted")]
    Counted,

    /// <summary>已作废.</summary>
    [MapValue("void")]
    Void,
}

[Table("ballot_rounds", IsColumnAttributeRequired = false)]
internal sealed record BallotRoundRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    /// <summary>The activity unless the round is void: UNIQUE, one round an evening.</summary>
    public string? LiveActivityId { get; init; }

    public required RoundState State { get; init; }

    public required string PublicKey { get; init; }

    /// <summary>Null once counted or void; a CHECK holds it.</summary>
    public string? PrivateKeyWrapped { get; init; }

    /// <summary>Raised by whoever hands in, counts or voids: its row lock puts all of them in one order.</summary>
    public required long Turn { get; init; }

    public required string OpenedBy { get; init; }

    public required long OpenedAt { get; init; }

    /// <summary>Null also when the program voided a round that everybody forgot.</summary>
    public string? EndedBy { get; init; }

    public long? EndedAt { get; init; }

    /// <summary>How many ballots were counted, those that chose nobody included.</summary>
    public int? Ballots { get; init; }

    /// <summary>牵手.</summary>
    public int? Pairs { get; init; }
}

/// <summary>One ballot a person and round, replaced by the next; gone when the round ends.</summary>
[Table("ballots", IsColumnAttributeRequired = false)]
internal sealed record BallotRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string RoundId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>Sealed to the round's public key, as long as every other.</summary>
    public required string Content { get; init; }

    public required long HandedInAt { get; init; }
}
