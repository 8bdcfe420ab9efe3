using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Matches;

namespace WeChatUnion.Api.Modules.Singles.FollowUps;

/// <summary>The questions that were put to me, with what I answered; what the other one answered stands nowhere.</summary>
internal static class ListMyFollowUps
{
    /// <param name="ActivityTitle">The evening on which we chose each other.</param>
    /// <param name="Answer">Null: not answered, which is all right.</param>
    public sealed record Item(
        string Id, string ActivityId, string ActivityTitle, string MatchId, FollowUpStage Stage, FollowUpAnswer? Answer, DateTimeOffset AskedAt);

    /// <summary>我的回访 (how it goes: questions to me), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var rows = await (
            from question in db.FollowUps
            join match in db.Matches on question.MatchId equals match.Id
            join round in db.BallotRounds on match.RoundId equals round.Id
            join activity in db.Activities on round.ActivityId equals activity.Id
            where question.PersonId == caller.PersonId
            orderby question.AskedAt descending, question.Id
            select new { question, ActivityId = activity.Id, activity.Title }).Take(Page.Most).ToListAsync(cancellation);
        return TypedResults.Ok(new Listing<Item>(
            [.. rows.Select(r => new Item(
                r.question.Id, r.ActivityId, r.Title, r.question.MatchId, r.question.Stage, r.question.Answer, Instants.At(r.question.AskedAt)))],
            null));
    }
}
