using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor reaches her own talks; others are not there.</summary>
internal static class Talks
{
    public static async Task<AppointmentRow> MineAsync(Db db, string id, Caller caller, CancellationToken cancellation)
    {
        var counsellors = db.Counsellors;
        return await db.Appointments.FirstOrDefaultAsync(
            a => a.Id == id && a.State != AppointmentState.Lapsed && counsellors.Any(c => c.Id == a.CounsellorId && c.PersonId == caller.PersonId), cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
    }
}
