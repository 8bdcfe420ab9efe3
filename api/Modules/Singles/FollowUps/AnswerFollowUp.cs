using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Matches;

namespace WeChatUnion.Api.Modules.Singles.FollowUps;

/// <summary>I say how it goes, or say it differently, or take it back; nobody is told, it is only counted.</summary>
internal static class AnswerFollowUp
{
    /// <param name="Answer">together, parted or married; left out: I would rather not say.</param>
    public sealed record Request([property: KnownWord] FollowUpAnswer? Answer);

    /// <summary>回答回访 (answer how it goes).</summary>
    /// <response code="409">singles_consent_needed.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await SinglesConsents.TakeAsync(db, caller.PersonId, cancellation);
                var now = clock.Milliseconds();
                var answered = await db.FollowUps.Where(f => f.Id == id && f.PersonId == caller.PersonId)
                    .Set(f => f.Answer, request.Answer)
                    .Set(f => f.AnsweredAt, request.Answer is null ? (long?)null : now)
                    .UpdateAsync(cancellation);
                if (answered == 0)
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                await Audit.WriteAsync(db, caller, MatchDeeds.Deed, "activity", await EveningOfAsync(db, id, cancellation), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static Task<string> EveningOfAsync(Db db, string id, CancellationToken cancellation) => (
        from question in db.FollowUps
        join match in db.Matches on question.MatchId equals match.Id
        join round in db.BallotRounds on match.RoundId equals round.Id
        where question.Id == id
        select round.ActivityId).FirstAsync(cancellation);
}
