using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>A worker moves her talk; the old time is hers until the new one is.</summary>
internal static class RescheduleAppointment
{
    /// <param name="CounsellorId">Null: the same.</param>
    /// <param name="Mode">Null: the same. For a talk by phone the number given at first stays.</param>
    /// <param name="StartsAt">As the slot has it.</param>
    public sealed record Request([property: Id] string? CounsellorId, [property: KnownWord] TalkMode? Mode, [property: Needed] DateTimeOffset? StartsAt);

    public sealed record Response(AppointmentSummary Appointment, IReadOnlyList<Hotline> Hotlines);

    /// <summary>改期 (move my talk).</summary>
    /// <response code="409">slot_gone, late_to_change: the talk stands as it was.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Once once, Moving moving, Wishes wishes, ClientRecords clients, ConsentText text, AppointmentDeeds deeds, AppointmentSummaries summaries, CaseKeys keys, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await once.DoAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var (_, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
                var before = (record.Appointments.Contains(id) ? await AppointmentDeeds.FindAsync(db, id, cancellation) : null)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (before.State != AppointmentState.Booked)
                {
                    throw new Refusal(CounsellingProblems.AppointmentClosed);
                }

                if (now >= before.StartsAt - CounsellingSettings.Hours(settings.ChangeNoticeHours))
                {
                    throw new Refusal(CounsellingProblems.LateToChange);
                }

                var wish = new WishedTime(request.CounsellorId, null, request.Mode ?? before.Mode, request.StartsAt!.Value.ToUnixTimeMilliseconds());
                RefusePhoneless(wish, deeds.WordsOf(before));
                var others = (await AppointmentDeeds.OfClientAsync(db, record, cancellation)).Where(a => a.Id != id);
                FreeTalks.RefuseUsed(settings, record, others, wish.StartsAt);
                await moving.MoveAsync(db, before, wish, await wishes.OfOthersAsync(db, caller.PersonId, cancellation), settings.BookingNoticeHours, now, cancellation);
                await deeds.AddStepAsync(db, id, AppointmentStepKind.Rescheduling, new StepDetail("client", null, now, $"{before.StartsAt}"), cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"move|{id}|{before.Version}"), "move_appointment", "appointment", keys.Masked(id, $"move|{before.Version}"), now);
            },
            cancellation);
        await using var db = database.Open();
        var after = await AppointmentDeeds.FindAsync(db, id, cancellation);
        return TypedResults.Ok(new Response((await summaries.OfAsync(db, [after!], cancellation))[0], Hotline.All(settings)));
    }

    private static void RefusePhoneless(WishedTime wish, ClientWords? words)
    {
        if (wish.Mode == TalkMode.Phone && words?.Phone is null)
        {
            throw Refusal.OfField("mode", "改为电话咨询请取消后重新预约,并填写届时能接听的手机号码。");
        }
    }
}
