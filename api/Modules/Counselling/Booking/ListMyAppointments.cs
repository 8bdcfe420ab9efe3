using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>My talks, coming ones and past ones.</summary>
internal static class ListMyAppointments
{
    /// <param name="FreeTalksLeft">Of this calendar year.</param>
    public sealed record Response(IReadOnlyList<AppointmentSummary> Items, int FreeTalksLeft, IReadOnlyList<Hotline> Hotlines);

    /// <param name="Hotlines">Whom to call at any hour.</param>
    public sealed record OneResponse(AppointmentSummary Appointment, IReadOnlyList<Hotline> Hotlines);

    /// <summary>我的预约 (my appointments), latest first; a year has few of them, so there are no pages.</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ClientRecords clients, AppointmentSummaries summaries, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var record = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record;
        var rows = record is null ? [] : await AppointmentDeeds.OfClientAsync(db, record, cancellation);
        var items = await summaries.OfAsync(db, [.. rows.OrderByDescending(r => r.StartsAt)], cancellation);
        var left = record is null ? settings.FreeTalksPerYear : FreeTalks.LeftOf(settings, record, rows, clock.Milliseconds());
        return TypedResults.Ok(new Response(items, left, Hotline.All(settings)));
    }

    /// <summary>我的一个预约 (one of my appointments).</summary>
    internal static async Task<Ok<OneResponse>> HandleOne(
        string id, Caller caller, ClientRecords clients, AppointmentSummaries summaries, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var isMine = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record.Appointments.Contains(id) == true;
        var row = (isMine ? await AppointmentDeeds.FindAsync(db, id, cancellation) : null) ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Ok(new OneResponse((await summaries.OfAsync(db, [row], cancellation))[0], Hotline.All(settings)));
    }
}
