using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>A file for somebody who may see it; which she may is the purpose's to say.</summary>
internal static class GetFile
{
    /// <summary>查看文件 (see a file).</summary>
    internal static async Task<IResult> Handle(
        string id, Caller caller, IEnumerable<FilePurpose> purposes, StoredFiles files, Database.Database database, HttpContext http, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var file = await db.Files.FirstOrDefaultAsync(f => f.Id == id, cancellation);
        var purpose = purposes.FirstOrDefault(p => p.Name == file?.Purpose);
        return file is not null && purpose is not null && await purpose.MayRead(db, caller, file, cancellation)
            ? await files.AnswerAsync(db, file, isPublic: false, http, cancellation)
            : throw new Refusal(CommonProblems.NotFound);
    }
}
