using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Photos;

internal static class PhotoTables
{
    extension(Db db)
    {
        public ITable<SinglesPhotoRow> SinglesPhotos => db.GetTable<SinglesPhotoRow>();
    }
}

/// <summary>生活照 of an entry; the file itself lies with the files.</summary>
[Table("singles_photos", IsColumnAttributeRequired = false)]
internal sealed record SinglesPhotoRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string EntryId { get; init; }

    public required string FileId { get; init; }

    public required int Position { get; init; }

    public required TextCheck ContentCheck { get; init; }

    /// <summary>When the platform is asked next, also when its word does not come; null: nothing to ask.</summary>
    public long? CheckDueAt { get; init; }

    /// <summary>SHA-256 of the word by which the platform may fetch it.</summary>
    public string? ShownBy { get; init; }

    public long? ShownUntil { get; init; }

    /// <summary>The platform's name for what it was asked.</summary>
    public string? TraceId { get; init; }
}
