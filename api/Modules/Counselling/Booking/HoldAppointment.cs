using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>A worker takes a time; it is kept for ten minutes while she fills in the form.</summary>
internal static class HoldAppointment
{
    /// <param name="CounsellorId">Null: any who is free then.</param>
    /// <param name="CounsellorSex">1 or 2 with any counsellor; null: either.</param>
    /// <param name="StartsAt">As the slot has it.</param>
    public sealed record Request(
        [property: Id] string? CounsellorId,
        [property: Form("^[12]$", "请从 1(男)、2(女)中选择。")] string? CounsellorSex,
        [property: Needed, KnownWord] TalkMode? Mode,
        [property: Needed] DateTimeOffset? StartsAt);

    /// <param name="FreeTalksLeft">Of this calendar year, after this one.</param>
    public sealed record Response(AppointmentSummary Appointment, int FreeTalksLeft, IReadOnlyList<Hotline> Hotlines);

    /// <summary>预约 (keep a time); confirm it before the time in heldUntil. Keeping another one gives this one back.</summary>
    /// <response code="409">slot_gone: choose another; appointment_open, with its id in present; free_talks_used; counselling_consent_needed.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Once once, Holding holding, ClientRecords clients, AppointmentSummaries summaries, CaseKeys keys, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        var wish = new WishedTime(request.CounsellorId, request.CounsellorSex, request.Mode!.Value, request.StartsAt!.Value.ToUnixTimeMilliseconds());
        var id = await once.MakeAsync(
            key,
            caller,
            request,
            async (db, id) => await AppointmentDeeds.FindAsync(db, id, cancellation) is not null,
            async (db, id, now) =>
            {
                await holding.HoldAsync(db, id, caller, wish, now, cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"hold|{id}"), "hold_appointment", "appointment", keys.Masked(id, "hold"), now);
            },
            cancellation);

        await using var db = database.Open();
        var row = await AppointmentDeeds.FindAsync(db, id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var record = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))!.Value.Record;
        var left = FreeTalks.LeftOf(settings, record, await AppointmentDeeds.OfClientAsync(db, record, cancellation), row.StartsAt);
        var summary = (await summaries.OfAsync(db, [row], cancellation))[0];
        return TypedResults.Created($"/api/v1/appointments/{id}", new Response(summary, left, Hotline.All(settings)));
    }
}
