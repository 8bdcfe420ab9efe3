using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>How long what belongs to members is kept; the days stand in the column registry.</summary>
internal static class MembersRetention
{
    private const string EndedMemberships = "ended_memberships";

    private const string Unused =
        """
        updated_at <= @before AND (state IN ('draft', 'returned', 'rejected', 'withdrawn') OR (state = 'approved' AND NOT EXISTS (
            SELECT 1 FROM memberships m WHERE m.application_id = membership_applications.id)))
        """;

    private const string Orphaned =
        """
        updated_at <= @before
        AND NOT EXISTS (SELECT 1 FROM membership_applications a WHERE a.person_id = member_records.person_id)
        AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = member_records.person_id)
        """;

    private const string LongEnded =
        """
        live_person_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM membership_changes c WHERE c.membership_id = memberships.id AND c.at > @before)
        """;

    /// <summary>In this order: an ended membership sets its application free, an application its registration form.</summary>
    public static IServiceCollection AddMembersRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("wechat_rebindings", "wechat_rebindings", "at <= @before"))
        .AddSingleton(new RetentionRule(
            EndedMemberships,
            "memberships",
            LongEnded,
            "wechat_rebindings.membership_id",
            "record_corrections.membership_id",
            "membership_departures.membership_id",
            "membership_transfers.membership_id",
            "membership_changes.membership_id"))
        .AddSingleton(new RetentionRule(
            "closed_applications", "membership_applications", Unused, "membership_contacts.application_id", "membership_steps.application_id"))
        .AddSingleton(new RetentionRule("member_records", "member_records", Orphaned) { Key = "person_id" })
        .AddSingleton<MayNotErase>(MayNotAsync)
        .AddSingleton<MustKeep>(s => MustKeepOf(s.GetRequiredService<ColumnRegistry>()));

    /// <summary>First leave, first take back: the union must not lose somebody it still works for.</summary>
    private static async Task<string?> MayNotAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        if (await db.Memberships.AnyAsync(m => m.LivePersonId == personId, cancellation))
        {
            return "您还是工会会员,请先办理退会,退会生效后再申请删除个人信息。";
        }

        return await db.Applications.AnyAsync(a => a.OpenPersonId == personId && a.State == ApplicationState.Submitted, cancellation)
            ? "您的入会申请正在审核,请先撤回申请,再申请删除个人信息。"
            : null;
    }

    /// <summary>The registration form and membership of somebody who left are archives of the union (档案法 art. 13).</summary>
    private static MustKeep MustKeepOf(ColumnRegistry registry) => async (db, personId, _, cancellation) =>
    {
        var memberships = db.Memberships;
        var last = await db.MembershipChanges
            .Where(c => memberships.Any(m => m.Id == c.MembershipId && m.PersonId == personId))
            .MaxAsync(c => (long?)c.At, cancellation);
        return last is { } left
            ? new Keeping("档案法 第十三条;会员登记表退会后按工会档案规定保存", left + (long)TimeSpan.FromDays(registry.DaysOf(EndedMemberships)).TotalMilliseconds)
            : null;
    };
}
