using System.Security.Cryptography;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>Somebody brings an image; what it is for is said at once, and it is gone after a day if nothing uses it.</summary>
internal static class UploadFile
{
    /// <summary>Decoding takes up to a hundred megabytes, so one image at a time.</summary>
    private static readonly SemaphoreSlim One = new(1, 1);

    /// <param name="Id">Give this where the image is to be used.</param>
    /// <param name="ByteCount">As stored; the upload may have been larger.</param>
    public sealed record Response(string Id, string ContentType, int ByteCount, int? Width, int? Height);

    /// <summary>上传图片 (upload an image). The body is the image itself: JPEG, PNG or WebP, at most 5 MB.</summary>
    /// <param name="purpose">What it is for: activity_cover, employer_document, singles_photo.</param>
    internal static async Task<Created<Response>> Handle(
        [Needed] string? purpose, HttpRequest body, IdempotencyKey key, Caller caller, IEnumerable<FilePurpose> purposes, StoredFiles files, Idempotency idempotency, Database.Database database, CancellationToken cancellation)
    {
        var known = purposes.FirstOrDefault(p => p.Name == purpose) ?? throw Refusal.OfField("purpose", "没有这种用途。");
        await RefuseUnlessAllowedAsync(known, caller, database, cancellation);
        var upload = await StoredFiles.ReadBodyAsync(body, cancellation);
        var image = await CleanAsync(upload, cancellation);
        var id = await idempotency.OnceAsync(
            key,
            caller,
            new { purpose, hash = Convert.ToHexStringLower(SHA256.HashData(upload)) },
            async (writing, fileId, now) =>
            {
                var row = new FileRow
                {
                    Id = fileId,
                    Purpose = known.Name,
                    OwnerId = caller.PersonId,
                    ContentType = CleanImage.ContentType,
                    ByteCount = image.Bytes.Length,
                    Width = image.Width,
                    Height = image.Height,
                    CreatedAt = now,
                };
                await files.AddAsync(writing, row, image.Bytes);
                await Audit.WriteAsync(writing, caller, "upload_file", "file", fileId, now);
            },
            cancellation);
        await using var db = database.Open();
        var file = await db.Files.FirstOrDefaultAsync(f => f.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Created($"/api/v1/{(caller.Kind == SessionKind.Staff ? "office/" : "")}files/{id}", new Response(id, file.ContentType, file.ByteCount, file.Width, file.Height));
    }

    /// <summary>The connection is given back before the body is read, however slowly that comes.</summary>
    private static async Task RefuseUnlessAllowedAsync(FilePurpose purpose, Caller caller, Database.Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        if (!await purpose.MayUpload(db, caller, cancellation))
        {
            throw new Refusal(CommonProblems.NotAllowed);
        }
    }

    private static async Task<CleanImage> CleanAsync(byte[] upload, CancellationToken cancellation)
    {
        await One.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => CleanImage.Of(upload), cancellation);
        }
        finally
        {
            One.Release();
        }
    }
}
