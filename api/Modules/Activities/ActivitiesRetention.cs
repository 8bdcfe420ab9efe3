using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Activities.Enrolling;

namespace WeChatUnion.Api.Modules.Activities;

/// <summary>How long sign-ups are kept; the days stand in the column registry.</summary>
internal static class ActivitiesRetention
{
    private const string OfPastActivities =
        "EXISTS (SELECT 1 FROM activities a WHERE a.id = enrolments.activity_id AND a.ends_at <= @before)";

    public static IServiceCollection AddActivitiesRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("past_enrolments", "enrolments", OfPastActivities, "enrolment_steps.enrolment_id", "check_ins.enrolment_id"))
        .AddSingleton<MayNotErase>(MayNotAsync)
        .AddSingleton<BeforeErasing>(GiveBackAsync);

    /// <summary>
    /// A place that somebody still holds must go to the next in line first. Once the activity has begun she cannot cancel
    /// any more and nobody is next, so that does not stand against it, however long a training goes on.
    /// </summary>
    private static async Task<string?> MayNotAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        var activities = db.Activities;
        return await db.Enrolments.AnyAsync(
            e => e.LivePersonId == personId && activities.Any(a => a.Id == e.ActivityId && a.StartsAt > now), cancellation)
            ? "您还有未开始的活动报名,请先取消报名,再申请删除个人信息。"
            : null;
    }

    /// <summary>The rows go; what they held is counted with the group.</summary>
    private static async Task GiveBackAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        var live = await db.Enrolments.Where(e => e.LivePersonId == personId).OrderBy(e => e.ActivityId).Select(e => e.ActivityId).ToListAsync(cancellation);
        foreach (var activityId in live)
        {
            var turn = await Turn.TakeAsync(db, activityId, cancellation);
            if (await db.Enrolments.FirstOrDefaultAsync(e => e.ActivityId == activityId && e.LivePersonId == personId, cancellation) is { } enrolment)
            {
                turn!.Release(enrolment);
                await turn.SaveAsync(db);
            }
        }
    }
}
