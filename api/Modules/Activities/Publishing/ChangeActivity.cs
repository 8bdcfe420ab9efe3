using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>An organiser rewrites a draft as a whole.</summary>
internal static class ChangeActivity
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] ActivityForm? Activity);

    /// <param name="Version">The version now.</param>
    public sealed record Response(int Version);

    /// <summary>修改活动草稿 (change a draft).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Reach reach, IEnumerable<KindRule> kindRules, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        request.Activity!.Check(clock.Milliseconds(), kindRules);
        var version = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var before = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
                if (before.State != ActivityState.Draft)
                {
                    throw new Refusal(ActivitiesProblems.NotDraft) { Present = new { before.State, before.Version } };
                }

                var after = await ActivityDrafts.RowOfAsync(db, id, request.Activity!, reach, caller, before, now, cancellation);
                var taken = await db.Activities
                    .Where(a => a.Id == id && a.Version == request.Version && a.State == ActivityState.Draft)
                    .Set(a => a.Version, after.Version).UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
                }

                await db.UpdateAsync(after, token: cancellation);
                await ActivityDrafts.WritePartsAsync(db, id, request.Activity!, cancellation);
                await Audit.WriteAsync(db, caller, "change_activity", "activity", id, now);
                return after.Version;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }
}
