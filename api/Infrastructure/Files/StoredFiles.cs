using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Net.Http.Headers;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>
/// 文件: rows like everything else, so that they are backed up, sealed and forgotten with the rest. The content is
/// sealed in chunks that fit a TEXT.
/// </summary>
internal sealed class StoredFiles(FieldCipher cipher)
{
    public const int MostBytes = 5 * 1024 * 1024;

    /// <summary>Photos of today's phones end below this; what is larger still is cut off unread.</summary>
    public const int MostRead = 20 * 1024 * 1024;

    /// <summary>Sealed and in base64 this is 61,500 characters; a TEXT of MySQL holds 65,535.</summary>
    private const int ChunkBytes = 45 * 1024;

    public async Task AddAsync(Db db, FileRow file, byte[] content)
    {
        await db.InsertAsync(file);
        await db.InsertManyAsync(content.Chunk(ChunkBytes).Select((plain, position) =>
        {
            var id = Ids.New();
            return new FileChunkRow { Id = id, FileId = file.Id, Position = position, ContentSealed = cipher.SealBytes(FileChunkRow.ContentPlace, id, plain) };
        }));
    }

    public async Task<byte[]> ReadAsync(Db db, FileRow file, CancellationToken cancellation)
    {
        var chunks = await db.FileChunks.Where(c => c.FileId == file.Id).OrderBy(c => c.Position).ToListAsync(cancellation);
        var content = new byte[file.ByteCount];
        var at = 0;
        foreach (var chunk in chunks)
        {
            var plain = cipher.OpenBytes(FileChunkRow.ContentPlace, chunk.Id, chunk.ContentSealed);
            plain.CopyTo(content, at);
            at += plain.Length;
        }

        return at == content.Length ? content : throw new InvalidOperationException("A file is not whole.");
    }

    /// <summary>
    /// The file as an answer. A file never changes, so its id is its ETag; whoever has it still gets 304 without the
    /// content being read.
    /// </summary>
    /// <param name="isPublic">May be kept by caches that ask again each time; else nobody keeps it.</param>
    public async Task<IResult> AnswerAsync(Db db, FileRow file, bool isPublic, HttpContext http, CancellationToken cancellation)
    {
        var tag = new EntityTagHeaderValue($"\"{file.Id}\"");
        http.Response.Headers.CacheControl = isPublic ? "public, no-cache" : "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (isPublic && http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            http.Response.Headers.ETag = tag.ToString();
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        return Results.Bytes(await ReadAsync(db, file, cancellation), file.ContentType, entityTag: isPublic ? tag : null);
    }

    /// <summary>
    /// The whole body. One that is too large is read to its end and forgotten, for whoever is cut off while sending
    /// never sees the answer.
    /// </summary>
    public static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var length = 0L;
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            length += count;
            if (length <= MostBytes)
            {
                whole.Write(buffer, 0, count);
            }
        }

        return length <= MostBytes ? whole.ToArray() : throw TooLarge();
    }

    private static Refusal TooLarge() =>
        new(CommonProblems.TooLarge, string.Create(CultureInfo.InvariantCulture, $"文件不能超过 {MostBytes / 1024 / 1024} MB,请压缩后再上传。"));
}
