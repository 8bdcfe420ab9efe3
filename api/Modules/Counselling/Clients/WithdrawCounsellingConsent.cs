using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>
/// A client takes her consent back (PIPL art. 15), at once: coming talks are cancelled and do not count, nothing is booked or
/// answered any more, and what was written of her is kept for its time and opened by nobody.
/// </summary>
internal static class WithdrawCounsellingConsent
{
    private const string Reason = "来访者撤回了同意";

    /// <param name="WhatFollows">Sentences to show: what stopped, what stays and why.</param>
    public sealed record Response(int CancelledTalks, IReadOnlyList<string> WhatFollows, IReadOnlyList<Hotline> Hotlines);

    /// <summary>撤回心理咨询知情同意 (take my consent back). A repeat changes nothing.</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ClientRecords clients, AppointmentDeeds deeds, Wishes wishes, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var cancelled = await database.TransactAsync(
            async db =>
            {
                if (await clients.TakeAsync(db, caller.PersonId, cancellation) is not { Record.Consent: { } consent } client)
                {
                    return 0;
                }

                var now = clock.Milliseconds();
                var count = await CancelAsync(db, client.Record, deeds, now, cancellation);
                await wishes.RemoveAsync(db, caller.PersonId, cancellation);
                await clients.SaveAsync(db, client.Row.Id, client.Record with { Consent = null }, cancellation);
                var deed = $"withdraw|{consent.GivenAt}";
                await Audit.WriteAsync(db, keys.Masked(caller, deed), "withdraw_counselling_consent", "counselling_consent", keys.Masked(client.Row.Id, deed), now);
                return count;
            },
            cancellation);
        return TypedResults.Ok(new Response(
            cancelled,
            [
                "未开始的预约已取消,不计入次数,也不记分。",
                "已有的咨询记录和量表答案依法保存至期满后销毁,期间封存,咨询师不再打开。",
                "您随时可以重新同意并预约;需要帮助时,热线一直都在。",
            ],
            Hotline.All(settings)));
    }

    private static async Task<int> CancelAsync(Db db, ClientRecord client, AppointmentDeeds deeds, long now, CancellationToken cancellation)
    {
        var coming = (await AppointmentDeeds.OfClientAsync(db, client, cancellation))
            .Where(a => a.State is AppointmentState.Held or AppointmentState.Booked && a.StartsAt > now).ToList();
        foreach (var talk in coming)
        {
            if (await AppointmentDeeds.CancelAsync(db, talk, counts: false, cancellation))
            {
                await deeds.AddStepAsync(db, talk.Id, AppointmentStepKind.Cancellation, new StepDetail("client", null, now, Reason), cancellation);
            }
        }

        return coming.Count;
    }
}
