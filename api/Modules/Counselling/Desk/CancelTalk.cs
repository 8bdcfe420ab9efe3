using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Telling;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor cannot come: the talk is cancelled, does not count, and the client is told at once.</summary>
internal static class CancelTalk
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">The client reads it with the appointment, not in the message.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <summary>咨询师取消预约 (cancel a talk of mine).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ClientRecords clients, AppointmentDeeds deeds, TalkNotices texts, CaseKeys keys, ClientNotices notices, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                if (talk.State is not (AppointmentState.Booked or AppointmentState.Arrived))
                {
                    throw new Refusal(CounsellingProblems.AppointmentClosed);
                }

                if (talk.Version != request.Version || !await AppointmentDeeds.CancelAsync(db, talk, counts: false, cancellation))
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { talk.State, talk.Version } };
                }

                await deeds.AddStepAsync(db, id, AppointmentStepKind.Cancellation, new StepDetail("counsellor", caller.PersonId, now, request.Reason), cancellation);
                if (await clients.OfAppointmentAsync(db, talk, cancellation) is { } client)
                {
                    await notices.AddAsync(db, texts.Cancelled(client.PersonId, talk), talk.StartsAt, now, cancellation);
                }

                await Audit.WriteAsync(db, caller, "cancel_talk", "appointment", keys.Masked(id, "cancel_talk"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
