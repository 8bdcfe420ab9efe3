using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>She came early and her counsellor is free: the talk begins with the ten minutes that are running, week or no week.</summary>
internal static class BeginTalk
{
    private const int HoursBefore = 2;

    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    public sealed record Response(AppointmentState State, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int Version);

    /// <summary>提前开始 (begin now), from two hours before the time of the talk; she is marked as here. A repeat changes nothing.</summary>
    /// <response code="409">slot_gone: these minutes, or those of the room, are somebody else's.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, AppointmentDeeds deeds, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                if (talk.State == AppointmentState.Arrived && talk.StartsAt <= now)
                {
                    return Of(talk);
                }

                Refuse(talk, request, now);
                await Cells.TakeTurnsAsync(db, [talk.CounsellorId], cancellation);
                var begun = await Moving.PutAsync(db, talk, Early(talk, now), now, cancellation);
                await deeds.AddStepAsync(db, id, AppointmentStepKind.Arrival, new StepDetail("counsellor", caller.PersonId, now, $"{talk.StartsAt}"), cancellation);
                await Audit.WriteAsync(db, caller, "begin_talk", "appointment", keys.Masked(id, "begin"), now);
                return Of(begun);
            },
            cancellation));

    private static void Refuse(AppointmentRow talk, Request request, long now)
    {
        if (talk.State is not (AppointmentState.Booked or AppointmentState.Arrived))
        {
            throw new Refusal(CounsellingProblems.AppointmentClosed);
        }

        if (now >= talk.StartsAt || now < talk.StartsAt - CounsellingSettings.Hours(HoursBefore))
        {
            throw new Refusal(CounsellingProblems.NotNow);
        }

        if (talk.Version != request.Version)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { talk.State, talk.Version } };
        }
    }

    /// <summary>As long as it was; what was to stay free before it is over.</summary>
    private static AppointmentRow Early(AppointmentRow talk, long now)
    {
        var first = SlotRules.CellOf(now);
        var startsAt = SlotRules.InstantOf(first);
        return talk with
        {
            State = AppointmentState.Arrived,
            FirstCell = first,
            CellCount = talk.CellCount - (int)(SlotRules.CellOf(talk.StartsAt) - talk.FirstCell),
            StartsAt = startsAt,
            EndsAt = startsAt + (talk.EndsAt - talk.StartsAt),
            Version = talk.Version + 1,
        };
    }

    private static Response Of(AppointmentRow talk) => new(talk.State, Instants.At(talk.StartsAt), Instants.At(talk.EndsAt), talk.Version);
}
