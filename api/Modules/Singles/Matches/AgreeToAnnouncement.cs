using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>A pair is announced in the hall only when both agree; either takes it back.</summary>
internal static class AgreeToAnnouncement
{
    /// <summary>同意公布牵手 (agree that we are announced as a pair). Repeating it changes nothing.</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">match_ended, not_a_pair.</response>
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
                if (seen.Match.Kind != MatchKind.Pair)
                {
                    throw new Refusal(SinglesProblems.NotAPair);
                }

                if (seen.IsOver)
                {
                    throw new Refusal(SinglesProblems.MatchEnded);
                }

                await db.MatchSides.Where(s => s.Id == seen.Mine.Id).Set(s => s.AnnouncementAgreedAt, seen.Mine.AnnouncementAgreedAt ?? now).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>撤回公布牵手 (take it back).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<NoContent> HandleWithdrawal(
        string id, string matchId, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.ChangeMineAsync(
            id,
            matchId,
            caller,
            clock,
            (db, seen, _) => db.MatchSides.Where(s => s.Id == seen.Mine.Id).Set(s => s.AnnouncementAgreedAt, (long?)null).UpdateAsync(cancellation),
            cancellation);
        return TypedResults.NoContent();
    }
}
