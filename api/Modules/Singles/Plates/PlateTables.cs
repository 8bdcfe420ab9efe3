using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Singles.Plates;

internal static class PlateTables
{
    extension(Db db)
    {
        public ITable<PlateRow> Plates => db.GetTable<PlateRow>();
    }
}

/// <summary>UNIQUE for person and evening, and for sex, number and evening.</summary>
[Table("plates", IsColumnAttributeRequired = false)]
internal sealed record PlateRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>GB/T 2261.1.</summary>
    public required string Sex { get; init; }

    public required int Number { get; init; }

    public required long GivenAt { get; init; }

    [NotColumn]
    public Plate Plate => new(Sex, Number);
}
