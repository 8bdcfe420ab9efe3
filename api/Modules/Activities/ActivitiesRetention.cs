using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Activities;

/// <summary>How long sign-ups are kept; the days stand in the column registry.</summary>
internal static class ActivitiesRetention
{
    private const string OfPastActivities =
        "EXISTS (SELECT 1 FROM activities a WHERE a.id = enrolments.activity_id AND a.ends_at <= @before)";

    public static IServiceCollection AddActivitiesRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("past_enrolments", "enrolments", OfPastActivities, "enrolment_steps.enrolment_id", "check_ins.enrolment_id"))
        .AddSingleton<MayNotErase>(MayNotAsync);

    /// <summary>A place that somebody still holds must go to the next in line first.</summary>
    private static async Task<string?> MayNotAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        var activities = db.Activities;
        return await db.Enrolments.AnyAsync(
            e => e.LivePersonId == personId && activities.Any(a => a.Id == e.ActivityId && a.EndsAt > now), cancellation)
            ? "您还有未结束的活动报名,请先取消报名,再申请删除个人信息。"
            : null;
    }
}
