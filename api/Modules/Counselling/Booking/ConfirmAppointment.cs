using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>A worker confirms the time that is kept for her, under whatever name she likes.</summary>
internal static class ConfirmAppointment
{
    /// <param name="Alias">称呼: may be made up.</param>
    /// <param name="Phone">Needed for a talk by phone: where she can be reached then. Shown to the counsellor from an hour before.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 20)] string? Alias,
        [property: Form("^1[3-9][0-9]{9}$", "请填写 11 位手机号码。")] string? Phone);

    public sealed record Response(AppointmentSummary Appointment, IReadOnlyList<Hotline> Hotlines);

    /// <summary>确认预约 (confirm). A repeat is answered the same.</summary>
    /// <response code="409">hold_over: the time was given back, choose anew; appointment_closed.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, ClientRecords clients, ConsentText text, AppointmentDeeds deeds, AppointmentSummaries summaries, Wishes wishes, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var row = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (_, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
                var before = record.Appointments.Contains(id) ? await AppointmentDeeds.FindAsync(db, id, cancellation) : null;
                RefuseWrong(before, request, now);
                if (before!.State == AppointmentState.Booked)
                {
                    return before;
                }

                var words = deeds.Locked(id, new ClientWords(request.Alias!, before.Mode == TalkMode.Phone ? request.Phone : null));
                var confirmed = await db.Appointments.Where(a => a.Id == id && a.State == AppointmentState.Held && a.HeldUntil > now)
                    .Set(a => a.State, AppointmentState.Booked)
                    .Set(a => a.HeldUntil, (long?)null)
                    .Set(a => a.WordsLocked, words)
                    .Set(a => a.Version, a => a.Version + 1)
                    .UpdateAsync(cancellation);
                if (confirmed == 0)
                {
                    throw new Refusal(CounsellingProblems.HoldOver);
                }

                await wishes.RemoveAsync(db, caller.PersonId, cancellation);
                await deeds.AddStepAsync(db, id, AppointmentStepKind.Booking, new StepDetail("client", null, now, null), cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"confirm|{id}"), "confirm_appointment", "appointment", keys.Masked(id, "confirm"), now);
                return await AppointmentDeeds.FindAsync(db, id, cancellation);
            },
            cancellation);
        await using var db = database.Open();
        return TypedResults.Ok(new Response((await summaries.OfAsync(db, [row!], cancellation))[0], Hotline.All(settings)));
    }

    private static void RefuseWrong(AppointmentRow? before, Request request, long now)
    {
        switch (before)
        {
            case null:
                throw new Refusal(CommonProblems.NotFound);
            case { State: AppointmentState.Lapsed }:
            case { State: AppointmentState.Held } when before.HeldUntil <= now:
                throw new Refusal(CounsellingProblems.HoldOver);
            case { State: not (AppointmentState.Held or AppointmentState.Booked) }:
                throw new Refusal(CounsellingProblems.AppointmentClosed);
            case { Mode: TalkMode.Phone } when request.Phone is null:
                throw Refusal.OfField("phone", "电话咨询请填写届时能接听的手机号码。");
            default:
                return;
        }
    }
}
