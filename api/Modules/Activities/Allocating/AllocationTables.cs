using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

internal static class AllocationTables
{
    extension(Db db)
    {
        public ITable<DrawRow> Draws => db.GetTable<DrawRow>();

        public ITable<DrawListRow> DrawLists => db.GetTable<DrawListRow>();

        public ITable<DrawValueRow> DrawValues => db.GetTable<DrawValueRow>();

        public ITable<AllocationRow> Allocations => db.GetTable<AllocationRow>();
    }
}

/// <summary>Where an entered public value stands (公开值的核对).</summary>
public enum DrawValueState
{
    /// <summary>已录入,待核对.</summary>
    [MapValue("entered")]
    Entered,

    /// <summary>已退回.</summary>
    [MapValue("returned")]
    Returned,

    /// <summary>已核对.</summary>
    [MapValue("confirmed")]
    Confirmed,
}

/// <summary>What is declared of a draw before sign-up opens (抽签的事先声明).</summary>
[Table("draws", IsColumnAttributeRequired = false)]
internal sealed record DrawRow
{
    public const string SecretPlace = "draws.secret";

    [PrimaryKey]
    public required string ActivityId { get; init; }

    public required string Source { get; init; }

    public required string Issue { get; init; }

    public required long KnownAt { get; init; }

    /// <summary>SHA-256 of the secret in lower-case hex; null until the activity is published.</summary>
    public string? Commitment { get; init; }

    /// <summary>32 bytes in lower-case hex, sealed; published after the draw.</summary>
    public string? SecretSealed { get; init; }
}

/// <summary>The sign-up numbers that take part, as they were after closing (抽签序号清单).</summary>
[Table("draw_lists", IsColumnAttributeRequired = false)]
internal sealed record DrawListRow
{
    [PrimaryKey]
    public required string ActivityId { get; init; }

    /// <summary><see cref="DrawList.Content"/>.</summary>
    public required string Content { get; init; }

    public required string Hash { get; init; }

    public required long FrozenAt { get; init; }
}

[Table("draw_values", IsColumnAttributeRequired = false)]
internal sealed record DrawValueRow
{
    public const string ReasonPlace = "draw_values.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    /// <summary>The activity while the value awaits its check, null after: UNIQUE, one at a time.</summary>
    public string? OpenActivityId { get; init; }

    public required string Value { get; init; }

    public required DrawValueState State { get; init; }

    public required string MadeBy { get; init; }

    public required long MadeAt { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public string? ReasonSealed { get; init; }
}

/// <summary>The places of an activity were given (名额分配), once.</summary>
[Table("allocations", IsColumnAttributeRequired = false)]
internal sealed record AllocationRow
{
    [PrimaryKey]
    public required string ActivityId { get; init; }

    public string? DrawValueId { get; init; }

    /// <summary><see cref="DrawOutcome"/> as JSON; null after a choice.</summary>
    public string? Outcome { get; init; }

    public required string MadeBy { get; init; }

    public required long At { get; init; }
}
