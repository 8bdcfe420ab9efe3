using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Figures;

/// <summary>The figures of a month as they were published; what was kept back is not in it either.</summary>
[Table("counselling_figures", IsColumnAttributeRequired = false)]
internal sealed record FiguresRow
{
    /// <summary>yyyy-MM.</summary>
    [PrimaryKey]
    public required string Month { get; init; }

    /// <summary><see cref="GetFigures.Month"/> as JSON.</summary>
    public required string Content { get; init; }
}

internal static class FiguresTables
{
    extension(Db db)
    {
        public ITable<FiguresRow> CounsellingFigures => db.GetTable<FiguresRow>();
    }
}
