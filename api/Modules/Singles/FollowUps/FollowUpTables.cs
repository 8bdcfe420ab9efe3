using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.FollowUps;

internal static class FollowUpTables
{
    extension(Db db)
    {
        public ITable<FollowUpRow> FollowUps => db.GetTable<FollowUpRow>();
    }
}

/// <summary>回访的时间 (domain/singles.md 2.4).</summary>
public enum FollowUpStage
{
    /// <summary>活动后 1 周.</summary>
    [MapValue("week")]
    Week,

    /// <summary>活动后 1 个月.</summary>
    [MapValue("month")]
    Month,

    /// <summary>活动后 6 个月.</summary>
    [MapValue("half_year")]
    HalfYear,
}

/// <summary>How it goes with a pair. What stands earlier counts where the two answer differently.</summary>
public enum FollowUpAnswer
{
    /// <summary>已分开.</summary>
    [MapValue("parted")]
    Parted,

    /// <summary>交往中.</summary>
    [MapValue("together")]
    Together,

    /// <summary>登记结婚.</summary>
    [MapValue("married")]
    Married,
}

/// <summary>One question to one of a pair, UNIQUE by stage; a row knows one of the two only.</summary>
[Table("match_follow_ups", IsColumnAttributeRequired = false)]
internal sealed record FollowUpRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string MatchId { get; init; }

    public required string PersonId { get; init; }

    public required FollowUpStage Stage { get; init; }

    public FollowUpAnswer? Answer { get; init; }

    public required long AskedAt { get; init; }

    public long? AnsweredAt { get; init; }
}
