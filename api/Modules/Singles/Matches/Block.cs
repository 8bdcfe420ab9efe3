using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>I want nothing more to do with this person: what was between us ends at once, and no later count brings us together.</summary>
internal static class Block
{
    /// <summary>拉黑 (block this person). Repeating it changes nothing.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<NoContent> Handle(
        string id, string matchId, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.ChangeMineAsync(
            id,
            matchId,
            caller,
            clock,
            async (db, seen, now) =>
            {
                await db.MatchSides.Where(s => s.Id == seen.Mine.Id)
                    .Set(s => s.EndedAt, seen.Mine.EndedAt ?? now)
                    .Set(s => s.ContactAgreedAt, (long?)null)
                    .Set(s => s.AnnouncementAgreedAt, (long?)null)
                    .UpdateAsync(cancellation);
                if (seen.Theirs is { } theirs && !await db.Blocks.AnyAsync(b => b.PersonId == caller.PersonId && b.BlockedId == theirs.PersonId, cancellation))
                {
                    await db.InsertAsync(new BlockRow { Id = Ids.New(), PersonId = caller.PersonId, BlockedId = theirs.PersonId, At = now }, token: cancellation);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
