using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>What is this activity, who may come, how are places given? Needs no sign-in.</summary>
internal static class GetActivity
{
    /// <param name="Left">Places left just now; it may lag, decisions never do.</param>
    /// <param name="Waiting">How many stand in the waiting line.</param>
    /// <param name="Applied">How many have signed up and await the draw or the choice.</param>
    public sealed record GroupState(string GroupId, int Left, int Waiting, int Applied);

    /// <param name="AllocationRule">How places are given, in words for workers.</param>
    /// <param name="DrawCommitment">SHA-256 of the draw's secret, lower-case hex; null where nothing is drawn.</param>
    /// <param name="ServerTime">The server's clock, for counting down to the opening.</param>
    /// <param name="ConductRules">What not keeping a place leads to, in words; to be shown beside the button.</param>
    public sealed record Response(
        string Id, Phase Phase, ActivityForm Activity, string UnionName, IReadOnlyList<GroupState> Groups, string AllocationRule, string? DrawCommitment, DateTimeOffset ServerTime, string ConductRules);

    /// <summary>活动详情 (an activity).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Database database, ConductRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var now = clock.Milliseconds();
        var activity = await db.Activities.FirstOrDefaultAsync(a => a.Id == id, cancellation);
        if (activity is null || Phases.Of(activity, now) == Phase.Unpublished)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        return TypedResults.Ok(await ReadAsync(db, activity, rules, now, cancellation));
    }

    internal static async Task<Response> ReadAsync(Db db, ActivityRow activity, ConductRules rules, long now, CancellationToken cancellation)
    {
        var sessions = await db.ActivitySessions.Where(s => s.ActivityId == activity.Id).OrderBy(s => s.Position).ToListAsync(cancellation);
        var groups = await db.ActivityGroups.Where(g => g.ActivityId == activity.Id).OrderBy(g => g.Position).ToListAsync(cancellation);
        var questions = await db.ActivityQuestions.Where(q => q.ActivityId == activity.Id).OrderBy(q => q.Position).ToListAsync(cancellation);
        var draw = await db.Draws.FirstOrDefaultAsync(d => d.ActivityId == activity.Id, cancellation);
        var applied = activity.Allocation == Allocation.FirstCome
            ? []
            : (await db.Enrolments.Where(e => e.ActivityId == activity.Id && e.State == EnrolmentState.Applied)
                .GroupBy(e => e.GroupId).Select(g => new { GroupId = g.Key, Count = g.Count() }).ToListAsync(cancellation))
                .ToDictionary(a => a.GroupId, a => a.Count);
        var unionName = await db.Unions.Where(u => u.Id == activity.UnionId).Select(u => u.Name).FirstAsync(cancellation);
        return new Response(
            activity.Id,
            Phases.Of(activity, now),
            ActivityForm.Of(activity, sessions, groups, questions, draw),
            unionName,
            [.. groups.Select(g => new GroupState(g.Id, g.Capacity - g.Taken, g.Waiting, applied.GetValueOrDefault(g.Id)))],
            AllocationWords.Of(activity),
            draw?.Commitment,
            Instants.At(now),
            rules.InWords);
    }
}
