using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>
/// The same activity once more: a new draft with everything but the people. The organiser says when it begins; all
/// other times keep their distance from that, and she may change them in the draft.
/// </summary>
internal static class CopyActivity
{
    /// <param name="StartsAt">Begin of the first session.</param>
    /// <param name="Draw">With allocation draw only: the new public value; one that is known already decides nothing.</param>
    public sealed record Request([property: Needed] DateTimeOffset? StartsAt, ActivityForm.PublicValue? Draw);

    /// <param name="Id">The new draft.</param>
    /// <param name="Version">Give this back when changing or submitting.</param>
    public sealed record Response(string Id, int Version);

    /// <summary>复制活动 (copy an activity).</summary>
    /// <param name="id">The activity to copy, of any state.</param>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, IEnumerable<KindRule> kindRules, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        var copy = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, copyId, now) =>
            {
                var form = Moved(await ReadAsync(db, id, reach, cancellation), request, now);
                form.Check(now, kindRules);
                await db.InsertAsync(await ActivityDrafts.RowOfAsync(db, copyId, form, reach, caller, null, now, cancellation), token: cancellation);
                await ActivityDrafts.WritePartsAsync(db, copyId, form, cancellation);
                await Audit.WriteAsync(db, caller, "copy_activity", "activity", copyId, now);
            },
            cancellation);

        await using var db = database.Open();
        var activity = await ActivityDrafts.FindAsync(db, copy, reach, cancellation);
        return TypedResults.Created($"/api/v1/office/activities/{copy}", new Response(copy, activity.Version));
    }

    private static async Task<ActivityForm> ReadAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        return ActivityForm.Of(
            activity,
            await db.ActivitySessions.Where(s => s.ActivityId == id).OrderBy(s => s.Position).ToListAsync(cancellation),
            (await db.ActivityGroups.Where(g => g.ActivityId == id).OrderBy(g => g.Position).ToListAsync(cancellation))
                .Select(g => g with { Capacity = g.DeclaredCapacity ?? g.Capacity }),
            await db.ActivityQuestions.Where(q => q.ActivityId == id).OrderBy(q => q.Position).ToListAsync(cancellation),
            draw: null);
    }

    private static ActivityForm Moved(ActivityForm form, Request request, long now)
    {
        var startsAt = request.StartsAt!.Value;
        if (startsAt < Instants.At(now) || !ActivityForm.IsTellable(startsAt, now))
        {
            throw Refusal.OfField("startsAt", "请填写今后十年以内的时间。");
        }

        var by = startsAt - form.Sessions!.Min(s => s.StartsAt!.Value);
        return form with
        {
            OpensAt = form.OpensAt + by,
            ClosesAt = form.ClosesAt + by,
            CancelUntil = form.CancelUntil + by,
            MergesAt = form.MergesAt + by,
            Draw = request.Draw,
            Sessions = [.. form.Sessions!.Select(s => s with { StartsAt = s.StartsAt + by, EndsAt = s.EndsAt + by })],

            // A group that borrowed and was then made smaller by more than it had begins with one.
            Groups = [.. form.Groups!.Select(g => g with { Capacity = Math.Max(1, g.Capacity!.Value) })],
        };
    }
}
