using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Figures;

internal static class TallyTables
{
    extension(Db db)
    {
        public ITable<TallyRow> SinglesTallies => db.GetTable<TallyRow>();
    }
}

/// <summary>What stays of an evening when everything personal of it is gone: counts, as they were reckoned last.</summary>
[Table("singles_tallies", IsColumnAttributeRequired = false)]
internal sealed record TallyRow
{
    [PrimaryKey]
    public required string ActivityId { get; init; }

    /// <summary>Of its beginning, Asia/Shanghai.</summary>
    public required int Year { get; init; }

    public required int MenSignedUp { get; init; }

    public required int WomenSignedUp { get; init; }

    public required int MenCame { get; init; }

    public required int WomenCame { get; init; }

    public required int Pairs { get; init; }

    public required int WeekTogether { get; init; }

    public required int WeekParted { get; init; }

    public required int WeekMarried { get; init; }

    public required int MonthTogether { get; init; }

    public required int MonthParted { get; init; }

    public required int MonthMarried { get; init; }

    public required int HalfYearTogether { get; init; }

    public required int HalfYearParted { get; init; }

    public required int HalfYearMarried { get; init; }

    public required long CountedAt { get; init; }
}
