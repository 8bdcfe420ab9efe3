using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>How long talks are kept (domain/counselling.md 3.3: ten years); the days stand in the column registry.</summary>
internal static class CounsellingRetention
{
    public static IServiceCollection AddCounsellingRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("past_talks", "appointments", "ends_at <= @before", "appointment_cells.appointment_id", "appointment_steps.appointment_id", "counselling_extensions.appointment_id"))
        .AddSingleton(new RetentionRule("closed_crises", "crisis_tickets", "closed_at <= @before", "crisis_steps.ticket_id", "crisis_alarms.ticket_id"))
        .AddSingleton(new RetentionRule("past_shifts", "crisis_shifts", "ends_at <= @before"))
        .AddSingleton<MayNotErase>(s => MayNotAsync(s.GetRequiredService<CounsellingSettings>(), s))
        .AddSingleton<BeforeErasing>(s => ForgetAsync(s.GetRequiredService<CounsellingSettings>(), s));

    /// <summary>Somebody expects her: she cancels first. Also where the module was closed meanwhile; without a key it never was open.</summary>
    private static MayNotErase MayNotAsync(CounsellingSettings settings, IServiceProvider services) => async (db, personId, now, cancellation) =>
    {
        if (settings.LinkKey.Length == 0)
        {
            return null;
        }

        var openClient = services.GetRequiredService<CaseKeys>().IdOf("open", personId);
        return await db.Appointments.AnyAsync(a => a.OpenClient == openClient && a.StartsAt > now, cancellation)
            ? "您还有未开始的预约,请先取消预约,再申请删除个人信息。"
            : null;
    };

    /// <summary>Her record goes, and with it what alone leads from her to her talks; these stay for their time as nobody's; likewise.</summary>
    private static BeforeErasing ForgetAsync(CounsellingSettings settings, IServiceProvider services) => async (db, personId, _, cancellation) =>
    {
        if (settings.LinkKey.Length == 0)
        {
            return;
        }

        var (keys, clients) = (services.GetRequiredService<CaseKeys>(), services.GetRequiredService<ClientRecords>());
        if (await clients.OfPersonAsync(db, personId, cancellation) is { } client)
        {
            await AppointmentDeeds.CutOffAsync(db, client.Record, cancellation);
            await services.GetRequiredService<Waiting.Wishes>().RemoveAsync(db, personId, cancellation);
            await services.GetRequiredService<Telling.ClientNotices>().ForgetAsync(db, personId, cancellation);
            await clients.DeleteAsync(db, keys.ClientOf(personId), cancellation);
        }
    };
}
