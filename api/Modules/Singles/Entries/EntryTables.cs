using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Entries;

internal static class EntryTables
{
    extension(Db db)
    {
        public ITable<SinglesEntryRow> SinglesEntries => db.GetTable<SinglesEntryRow>();

        public ITable<SinglesEntryStepRow> SinglesEntrySteps => db.GetTable<SinglesEntryStepRow>();
    }
}

/// <summary>Where an entry stands (联谊信息审核状态, domain/singles.md 2.4).</summary>
public enum EntryState
{
    /// <summary>草稿, also after any change.</summary>
    [MapValue("draft")]
    Draft,

    /// <summary>单位待审.</summary>
    [MapValue("submitted")]
    Submitted,

    /// <summary>待县总审.</summary>
    [MapValue("confirmed")]
    Confirmed,

    /// <summary>审核通过.</summary>
    [MapValue("approved")]
    Approved,

    /// <summary>退回.</summary>
    [MapValue("returned")]
    Returned,
}

/// <summary>What the platform's content check said of the texts (文字内容检查).</summary>
public enum TextCheck
{
    /// <summary>待检查: also while the platform cannot be asked; nobody sees the texts.</summary>
    [MapValue("pending")]
    Pending,

    /// <summary>通过.</summary>
    [MapValue("passed")]
    Passed,

    /// <summary>需人工查看: passes when the county approves it.</summary>
    [MapValue("doubtful")]
    Doubtful,

    /// <summary>不通过.</summary>
    [MapValue("risky")]
    Risky,
}

public enum EntryStepKind
{
    [MapValue("submission")]
    Submission,
    [MapValue("confirmation")]
    Confirmation,
    [MapValue("approval")]
    Approval,
    [MapValue("return")]
    Return,
}

/// <summary>联谊信息: one a person.</summary>
[Table("singles_entries", IsColumnAttributeRequired = false)]
internal sealed record SinglesEntryRow
{
    public const string DetailsPlace = "singles_entries.details";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>Her own union when she handed it in.</summary>
    public string? UnionId { get; init; }

    public required EntryState State { get; init; }

    public required int Version { get; init; }

    /// <summary><see cref="EntryForm"/> as JSON.</summary>
    public required string DetailsSealed { get; init; }

    public string? ConfirmedBy { get; init; }

    public required TextCheck TextCheck { get; init; }

    /// <summary>When the platform is asked next; null: nothing to ask.</summary>
    public long? CheckDueAt { get; init; }

    /// <summary>Raised by her sign-ups, so that two at once for different evenings see each other.</summary>
    public required long Turn { get; init; }

    /// <summary>From here the time counts that it is kept without an evening.</summary>
    public required long RenewedAt { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("singles_entry_steps", IsColumnAttributeRequired = false)]
internal sealed record SinglesEntryStepRow
{
    public const string ReasonPlace = "singles_entry_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string EntryId { get; init; }

    public required EntryStepKind Kind { get; init; }

    public required string PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public required long At { get; init; }
}
