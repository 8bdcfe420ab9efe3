using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>A worker gives her talk up. After the time for it the consequence is told first and must be accepted.</summary>
internal static class CancelAppointment
{
    private const string Accepted = "accepted";

    /// <param name="Reason">For the counsellor, if she likes to say.</param>
    /// <param name="Consequence"><c>accepted</c>: she knows that it counts.</param>
    public sealed record Request([property: LengthBetween(0, 200)] string? Reason, [property: Form("^accepted$", "请先确认后果。")] string? Consequence);

    public sealed record Response(AppointmentSummary Appointment, IReadOnlyList<Hotline> Hotlines);

    /// <summary>取消预约 (cancel my talk).</summary>
    /// <response code="409">late_to_cancel tells what follows; talk_begun; appointment_closed.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Once once, AppointmentDeeds deeds, AppointmentSummaries summaries, CaseKeys keys, ClientRecords clients, TalkPoints points, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await once.DoAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var row = await deeds.TakeMineAsync(db, id, caller.PersonId, cancellation);
                var isLate = IsLate(row, request, settings, now);
                if (!await AppointmentDeeds.CancelAsync(db, row, counts: isLate, cancellation))
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { row.State, row.Version } };
                }

                var kind = isLate ? AppointmentStepKind.LateCancellation : AppointmentStepKind.Cancellation;
                if (isLate && await clients.TakeAsync(db, caller.PersonId, cancellation) is { } client)
                {
                    await points.AddAsync(db, client, ConductKind.LateCancellation, id, now, cancellation);
                }

                await deeds.AddStepAsync(db, id, kind, new StepDetail("client", null, now, request.Reason), cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"cancel|{id}"), "cancel_appointment", "appointment", keys.Masked(id, "cancel"), now);
            },
            cancellation);
        await using var db = database.Open();
        var cancelled = await AppointmentDeeds.FindAsync(db, id, cancellation);
        return TypedResults.Ok(new Response((await summaries.OfAsync(db, [cancelled!], cancellation))[0], Hotline.All(settings)));
    }

    private static bool IsLate(AppointmentRow row, Request request, CounsellingSettings settings, long now)
    {
        if (row.State is not (AppointmentState.Held or AppointmentState.Booked or AppointmentState.Arrived))
        {
            throw new Refusal(CounsellingProblems.AppointmentClosed);
        }

        if (row.State == AppointmentState.Arrived || now >= row.StartsAt)
        {
            throw new Refusal(CounsellingProblems.TalkBegun);
        }

        var isLate = row.State == AppointmentState.Booked && now >= row.StartsAt - CounsellingSettings.Hours(settings.CancelNoticeHours);
        return !isLate || request.Consequence == Accepted ? isLate : throw new Refusal(CounsellingProblems.LateToCancel);
    }
}
