using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>Many people at once, as the module that knows them registers it.</summary>
/// <param name="Word">As stored, e.g. <c>activity</c>.</param>
/// <param name="UnionOf">SQL: the one row with <c>union_id</c> of the record <c>@audienceId</c> whose people they are.</param>
/// <param name="People">SQL: their <c>person_id</c>s, each once, for <c>@audienceId</c>.</param>
internal sealed record Audience(string Word, string UnionOf, string People)
{
    public const string OfUnion = "union";
    public const string OfActivity = "activity";

    /// <summary>Living members of a union and all below it.</summary>
    public static readonly Audience Union = new(
        OfUnion,
        "SELECT id AS union_id FROM unions WHERE id = @audienceId",
        "SELECT m.live_person_id AS person_id FROM memberships m JOIN union_ancestors n ON n.union_id = m.union_id "
        + "WHERE n.ancestor_id = @audienceId AND m.live_person_id IS NOT NULL");

    /// <param name="WeChat">Whom a subscribe message would reach.</param>
    /// <param name="NoCredit">Who granted none.</param>
    public sealed record Counts(long People, long WeChat, long NoCredit);

    public async Task<string?> FindUnionAsync(Db db, string audienceId, CancellationToken cancellation) =>
        (await db.QueryToListAsync<string>(UnionOf, new { audienceId }, cancellation)).FirstOrDefault();

    public async Task<Counts> CountAsync(Db db, string audienceId, WeChatSettings weChat, CancellationToken cancellation)
    {
        var kind = NoticeKinds.Of(NoticeKinds.Broadcast);
        var counts = await db.FirstAsync<CountRow>(
            $"""
            SELECT COUNT(*) AS people, COUNT(CASE WHEN w.open_id IS NOT NULL AND c.credits > @kept THEN 1 END) AS reached
            FROM ({People}) p
            LEFT JOIN wechat_accounts w ON w.person_id = p.person_id AND w.app_id = @app
            LEFT JOIN subscription_credits c ON c.person_id = p.person_id AND c.template = @template
            """,
            new { audienceId, app = weChat.AppId, template = kind.Template!.Name, kept = NoticeKinds.KeptBack(kind.Template, kind.Importance) },
            cancellation);
        return new Counts(counts!.People, counts.Reached, counts.People - counts.Reached);
    }

    /// <summary>The next people in the order of their ids.</summary>
    public Task<List<string>> NextAsync(Db db, string audienceId, string after, int most, CancellationToken cancellation) => db.QueryToListAsync<string>(
        $"SELECT p.person_id FROM ({People}) p WHERE p.person_id > @after ORDER BY p.person_id LIMIT @most", new { audienceId, after, most }, cancellation);

    private sealed record CountRow
    {
        public required long People { get; init; }

        public required long Reached { get; init; }
    }
}
