using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Matches;

internal static class MatchTables
{
    extension(Db db)
    {
        public ITable<MatchRow> Matches => db.GetTable<MatchRow>();

        public ITable<MatchSideRow> MatchSides => db.GetTable<MatchSideRow>();

        public ITable<BlockRow> Blocks => db.GetTable<BlockRow>();
    }
}

/// <summary>What two people are who chose each other.</summary>
public enum MatchKind
{
    /// <summary>牵手: one a person and evening.</summary>
    [MapValue("pair")]
    Pair,

    /// <summary>互有好感.</summary>
    [MapValue("mutual_interest")]
    MutualInterest,
}

[Table("matches", IsColumnAttributeRequired = false)]
internal sealed record MatchRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string RoundId { get; init; }

    public required MatchKind Kind { get; init; }

    /// <summary>Raised by whoever of the two says something: puts both in one order.</summary>
    public required long Turn { get; init; }

    /// <summary>When both had agreed to exchange contacts for the first time; the days of showing count from here.</summary>
    public long? ContactSince { get; init; }

    public required long At { get; init; }
}

/// <summary>One of the two, and what she has agreed to. It ends when either wants it to.</summary>
[Table("match_sides", IsColumnAttributeRequired = false)]
internal sealed record MatchSideRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string MatchId { get; init; }

    public required string PersonId { get; init; }

    public long? ContactAgreedAt { get; init; }

    public long? AnnouncementAgreedAt { get; init; }

    /// <summary>When she ended it.</summary>
    public long? EndedAt { get; init; }
}

/// <summary>拉黑: they do not meet in a count again, and what was between them is over.</summary>
[Table("blocks", IsColumnAttributeRequired = false)]
internal sealed record BlockRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string BlockedId { get; init; }

    public required long At { get; init; }
}
