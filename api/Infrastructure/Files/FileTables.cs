using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Files;

internal static class FileTables
{
    extension(Db db)
    {
        public ITable<FileRow> Files => db.GetTable<FileRow>();

        public ITable<FileChunkRow> FileChunks => db.GetTable<FileChunkRow>();
    }
}

/// <summary>A file as it was stored; it is never changed, only replaced by another one.</summary>
[Table("files", IsColumnAttributeRequired = false)]
internal sealed record FileRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>The name of a <see cref="FilePurpose"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Who uploaded it.</summary>
    public required string OwnerId { get; init; }

    public required string ContentType { get; init; }

    public required int ByteCount { get; init; }

    /// <summary>Pixels, of an image.</summary>
    public int? Width { get; init; }

    public int? Height { get; init; }

    public required long CreatedAt { get; init; }
}

[Table("file_chunks", IsColumnAttributeRequired = false)]
internal sealed record FileChunkRow
{
    public const string ContentPlace = "file_chunks.content";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string FileId { get; init; }

    public required int Position { get; init; }

    public required string ContentSealed { get; init; }
}
