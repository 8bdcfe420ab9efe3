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

    /// <param name="worker">Who may come in at all as a worker; the purposes narrow it.</param>
    /// <param name="staff">Likewise in the office.</param>
    public static void MapFiles(this Routes routes, string worker, string staff)
    {
        Map(routes.Worker, worker);
        Map(routes.Office, staff);
    }

    private static void Map(RouteGroupBuilder half, string policy)
    {
        var files = half.MapGroup("/files").WithTags("文件").RequireAuthorization(policy);
        files.MapPost("", UploadFile.Handle)
            .IsCostly()
            .TakesFile(StoredFiles.MostRead, "image/jpeg", "image/png", "image/webp")
            .Refuses(CommonProblems.TooLarge, FilesProblems.TypeNotAllowed, FilesProblems.ImageUnreadable, FilesProblems.ImageTooManyPixels);
        files.MapGet("/{id:id}", GetFile.Handle).Answers(CleanImage.ContentType);
    }
}
