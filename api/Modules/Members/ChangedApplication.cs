using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// Tells somebody who came late what the application has become. It is read again: what the slice read before its
/// guarded update is what somebody else has just changed.
/// </summary>
internal static class ChangedApplication
{
    public static async Task<Refusal> ReadAsync(Db db, string id, CancellationToken cancellation)
    {
        var now = await db.Applications.Where(a => a.Id == id).Select(a => new { a.State, a.Version }).FirstAsync(cancellation);
        return new Refusal(CommonProblems.ChangedMeanwhile) { Present = now };
    }
}
