using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>An organiser begins an activity as a draft.</summary>
internal static class CreateActivity
{
    public sealed record Request([property: Needed] ActivityForm? Activity);

    /// <param name="Version">Give this back when changing or submitting.</param>
    public sealed record Response(string Id, int Version);

    /// <summary>新建活动草稿 (create an activity).</summary>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, IEnumerable<KindRule> kindRules, Idempotency idempotency, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        request.Activity!.Check(clock.Milliseconds(), kindRules);
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                await db.InsertAsync(
                    await ActivityDrafts.RowOfAsync(db, id, request.Activity!, reach, caller, null, now, cancellation), token: cancellation);
                await ActivityDrafts.WritePartsAsync(db, id, request.Activity!, cancellation);
                await Audit.WriteAsync(db, caller, "create_activity", "activity", id, now);
            },
            cancellation);

        await using var db = database.Open();
        var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        return TypedResults.Created($"/api/v1/office/activities/{id}", new Response(id, activity.Version));
    }
}
