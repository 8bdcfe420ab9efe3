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

/// <summary>Why the county is to look at a photo (待县总查看).</summary>
public enum PhotoLook
{
    /// <summary>平台建议人工查看.</summary>
    [MapValue("doubtful")]
    Doubtful,

    /// <summary>没有通过平台检查: it is not shown, and its owner was told.</summary>
    [MapValue("risky")]
    Risky,

    /// <summary>平台一直没有答复: it was asked often enough.</summary>
    [MapValue("unanswered")]
    Unanswered,
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

    /// <summary>The platform's name for what it was asked last; it may say more of it later.</summary>
    public string? TraceId { get; init; }

    /// <summary>Since the entry was handed in, or since the county had it asked again.</summary>
    public int AskedTimes { get; init; }

    /// <summary>Null: the county need not look.</summary>
    public PhotoLook? Look { get; init; }
}
