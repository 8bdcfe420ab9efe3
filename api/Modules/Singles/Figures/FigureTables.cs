using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Figures;

internal static class FigureTables
{
    extension(Db db)
    {
        public ITable<SinglesFigureRow> SinglesFigures => db.GetTable<SinglesFigureRow>();
    }
}

/// <summary>What a count is of, and what its cells are.</summary>
internal enum Measure
{
    /// <summary>报名: men, women.</summary>
    [MapValue("signed_up")]
    SignedUp,

    /// <summary>到场: men, women.</summary>
    [MapValue("came")]
    Came,

    /// <summary>牵手.</summary>
    [MapValue("pairs")]
    Pairs,

    /// <summary>回访: pairs that are together, parted, married.</summary>
    [MapValue("week")]
    Week,

    [MapValue("month")]
    Month,

    [MapValue("half_year")]
    HalfYear,
}

/// <summary>What a union is told of a year that is closed, as it stays. A union without a row is told nothing: only one above it is.</summary>
[Table("singles_figures", IsColumnAttributeRequired = false)]
internal sealed record SinglesFigureRow
{
    [PrimaryKey(1)]
    public required int Year { get; init; }

    [PrimaryKey(2)]
    public required string UnionId { get; init; }

    [PrimaryKey(3)]
    public required Measure Measure { get; init; }

    public int? FirstCount { get; init; }

    public int? SecondCount { get; init; }

    public int? ThirdCount { get; init; }

    public int? Whole { get; init; }

    public required long ToldAt { get; init; }
}
