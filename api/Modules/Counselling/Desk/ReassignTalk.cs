using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Telling;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor gives a talk to a colleague, or moves it, in one transaction; the client is told. Notes of earlier talks stay with her.</summary>
internal static class ReassignTalk
{
    /// <param name="CounsellorId">The colleague; null: I keep it and only move it.</param>
    /// <param name="StartsAt">Null: the same time.</param>
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">Kept with the appointment.</param>
    public sealed record Request(
        [property: Id] string? CounsellorId, DateTimeOffset? StartsAt, [property: Needed] int? Version, [property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <summary>转给同事或改时间 (reassign or move a talk of mine).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, Moving moving, ClientRecords clients, AppointmentDeeds deeds, TalkNotices texts, CaseKeys keys, ClientNotices notices, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                if (talk.State != AppointmentState.Booked)
                {
                    throw new Refusal(CounsellingProblems.AppointmentClosed);
                }

                if (talk.Version != request.Version)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { talk.State, talk.Version } };
                }

                var startsAt = request.StartsAt?.ToUnixTimeMilliseconds() ?? talk.StartsAt;
                var moved = await moving.MoveAsync(db, talk, new WishedTime(request.CounsellorId, null, talk.Mode, startsAt), line: [], noticeHours: 0, now, cancellation);
                var kind = moved.CounsellorId == talk.CounsellorId ? AppointmentStepKind.Rescheduling : AppointmentStepKind.Reassignment;
                await deeds.AddStepAsync(db, id, kind, new StepDetail("counsellor", caller.PersonId, now, request.Reason), cancellation);
                if (await clients.OfAppointmentAsync(db, talk, cancellation) is { } client)
                {
                    await notices.AddAsync(db, texts.Moved(client.PersonId, moved), Math.Min(talk.StartsAt, moved.StartsAt), now, cancellation, new StandingTalk(id, moved.StartsAt));
                }

                await Audit.WriteAsync(db, caller, "reassign_talk", "appointment", keys.Masked(id, $"reassign|{talk.Version}"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
