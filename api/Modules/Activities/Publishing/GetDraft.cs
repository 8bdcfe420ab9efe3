using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>An organiser opens an activity of any state: the preview is what a worker will see.</summary>
internal static class GetDraft
{
    public sealed record Step(ActivityStepKind Kind, DateTimeOffset At, string By, string? Reason);

    /// <param name="Version">Give this back when changing or deciding.</param>
    /// <param name="Preview">As workers see it once it is published.</param>
    public sealed record Response(string Id, int Version, ActivityState State, GetActivity.Response Preview, IReadOnlyList<Step> Steps);

    /// <summary>查看活动 (open an activity in the office).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Reach reach, Database database, ConductRules rules, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        var accounts = db.StaffAccounts;
        var steps = await (from step in db.ActivitySteps
                           join account in accounts on step.PersonId equals account.PersonId
                           where step.ActivityId == id
                           orderby step.Id
                           select new { step, account.DisplayName }).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(
            id,
            activity.Version,
            activity.State,
            await GetActivity.ReadAsync(db, activity, rules, clock.Milliseconds(), cancellation),
            [.. steps.Select(s => new Step(s.step.Kind, Instants.At(s.step.At), s.DisplayName, s.step.ReasonSealed is { } reason ? cipher.Open(ActivityStepRow.ReasonPlace, s.step.Id, reason) : null))]));
    }
}
