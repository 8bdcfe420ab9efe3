using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>
/// Notes go to a colleague, by the act of who wrote them or, when she has left, of the supervisor, who reads none of them.
/// The client reads that it was done.
/// </summary>
internal static class HandOverNotes
{
    /// <param name="CounsellorId">The colleague; she must be one still.</param>
    /// <param name="Reason">Kept in the audit log's place: under lock with the talk.</param>
    public sealed record Request([property: Needed, Id] string? CounsellorId, [property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <summary>移交一位来访者的记录 (hand over what I wrote of this client).</summary>
    internal static async Task<NoContent> HandleMine(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ClientRecords clients, CaseFile file, AppointmentDeeds deeds, CaseKeys keys, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var mine = await CaseFile.RefuseLockedAsync(db, caller, cancellation);
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                var to = await ColleagueAsync(db, request, mine, cancellation);
                if (await clients.TakeOfAsync(db, talk, cancellation) is { } client)
                {
                    CaseFile.RefuseWithdrawn(client.Record);
                    await HandOverAsync(db, client, mine, to, clients, file, now, cancellation);
                }

                await deeds.AddStepAsync(db, id, AppointmentStepKind.HandOver, new StepDetail("counsellor", caller.PersonId, now, request.Reason) { To = to.PersonId }, cancellation);
                await Audit.WriteAsync(db, caller, "hand_over_notes", "case_note", keys.Masked(id, $"hand-over|{now}"), now, to.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>移交一位咨询师的全部记录 (hand over all that a counsellor wrote, who has left).</summary>
    /// <response code="409">counsellor_state_wrong: suspend her first; while she works she hands over herself.</response>
    internal static async Task<NoContent> HandleAll(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, ClientRecords clients, CaseFile file, AppointmentDeeds deeds, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var from = await ListCounsellorFiles.FindAsync(db, id, reach, cancellation);
                if (from.State != CounsellorState.Suspended)
                {
                    throw new Refusal(CounsellingProblems.CounsellorDecided) { Present = new { from.State, from.Version } };
                }

                var to = await ColleagueAsync(db, request, from, cancellation);
                if (to.PersonId == caller.PersonId)
                {
                    throw new Refusal(CounsellingProblems.OwnCounsellorFile);
                }

                var talks = await db.Appointments.Where(a => a.CounsellorId == id && a.ClientLocked != null && a.StartsAt <= now).OrderBy(a => a.Id).ToListAsync(cancellation);
                foreach (var talk in talks)
                {
                    // What was written of who took her consent back stays where it is, closed.
                    if (await clients.TakeOfAsync(db, talk, cancellation) is { Record.Consent: not null } client)
                    {
                        await HandOverAsync(db, client, from, to, clients, file, now, cancellation);
                        await deeds.AddStepAsync(
                            db, talk.Id, AppointmentStepKind.HandOver, new StepDetail("supervisor", caller.PersonId, now, request.Reason) { To = to.PersonId }, cancellation);
                    }
                }

                await Audit.WriteAsync(db, caller, "hand_over_notes", "counsellor", id, now, from.PersonId);
                await Audit.WriteAsync(db, caller, "receive_notes", "counsellor", to.Id, now, to.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<CounsellorRow> ColleagueAsync(Db db, Request request, CounsellorRow from, CancellationToken cancellation) =>
        await db.Counsellors.FirstOrDefaultAsync(c => c.Id == request.CounsellorId && c.Id != from.Id && c.State == CounsellorState.Active, cancellation)
        ?? throw Refusal.OfField("counsellorId", "请选择一位在岗的同事。");

    private static async Task HandOverAsync(
        Db db, (ClientRow Row, ClientRecord Record) client, CounsellorRow from, CounsellorRow to, ClientRecords clients, CaseFile file, long now, CancellationToken cancellation)
    {
        var talks = await AppointmentDeeds.OfClientAsync(db, client.Record, cancellation);
        if (await file.CopyAsync(db, client.Record, talks, from, to, cancellation))
        {
            await clients.SaveAsync(db, client.Row.Id, CaseFile.WithReading(client.Record, $"{from.Name}移交给{to.Name}", now), cancellation);
        }
    }
}
