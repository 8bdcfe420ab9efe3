using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>Which audiences there are, and which broadcasts somebody may see.</summary>
internal sealed class Broadcasting(IEnumerable<Audience> audiences)
{
    private readonly Dictionary<string, Audience> audiences = audiences.ToDictionary(a => a.Word);

    public Audience AudienceOf(string word) => audiences[word];

    /// <exception cref="Refusal">not_found: not there, or not in reach.</exception>
    public static async Task<BroadcastRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var row = await db.Broadcasts.FirstOrDefaultAsync(b => b.Id == id, cancellation);
        return row is not null && await db.IsInReachAsync(reach, row.UnionId, cancellation) ? row : throw new Refusal(CommonProblems.NotFound);
    }
}
