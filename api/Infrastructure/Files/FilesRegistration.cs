using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>The ground that files lie on; modules register their purposes.</summary>
internal static class FilesRegistration
{
    public static IServiceCollection AddFiles(this IServiceCollection services) => services
        .AddSingleton<StoredFiles>()
        .AddSingleton(new SealedColumn("file_chunks", "id", "content_sealed", FileChunkRow.ContentPlace));

    /// <param name="policy">Who may come in at all; the purposes narrow it.</param>
    public static void MapFiles(this Routes routes, string policy)
    {
        var office = routes.Office.MapGroup("/files").WithTags("文件").RequireAuthorization(policy);
        office.MapPost("", UploadFile.Handle)
            .IsCostly()
            .TakesFile(StoredFiles.MostRead, "image/jpeg", "image/png", "image/webp")
            .Refuses(CommonProblems.TooLarge, FilesProblems.TypeNotAllowed, FilesProblems.ImageUnreadable, FilesProblems.ImageTooManyPixels);
        office.MapGet("/{id:id}", GetFile.Handle).Answers(CleanImage.ContentType);
    }
}
