using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>A singles' evening (单身联谊) is an activity of that kind; it is there for its guests and its hosts only.</summary>
internal static class Evenings
{
    /// <summary>The evening for its host; an activity of another kind is none.</summary>
    public static async Task<ActivityRow> FindEveningAsync(this Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        return activity.Kind == ActivityKind.Singles ? activity : throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>Plates of an evening that are shown: who took her consent back is seen by nobody any more, though her number is not given again.</summary>
    public static IQueryable<PlateRow> PlatesSeen(this Db db, string activityId)
    {
        var consents = db.Consents;
        return db.Plates.Where(p => p.ActivityId == activityId && consents.Any(c => c.PersonId == p.PersonId && c.LivePurpose == SinglesConsents.Purpose));
    }

    /// <summary>My plate of the evening.</summary>
    /// <exception cref="Refusal">I was not checked in, or there is no such evening.</exception>
    public static async Task<PlateRow> PlateOfAsync(this Db db, string id, Caller caller, CancellationToken cancellation)
    {
        if (await db.Plates.FirstOrDefaultAsync(p => p.ActivityId == id && p.PersonId == caller.PersonId, cancellation) is { } plate)
        {
            return plate;
        }

        throw new Refusal(
            await db.Activities.AnyAsync(a => a.Id == id && a.Kind == ActivityKind.Singles && a.State == ActivityState.Published, cancellation)
                ? SinglesProblems.NoPlate
                : CommonProblems.NotFound);
    }
}
