using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>What became of a talk: she came, it was held, or she did not come (domain/counselling.md 3.3).</summary>
internal static class MarkTalk
{
    private static readonly long HalfAnHour = (long)TimeSpan.FromMinutes(30).TotalMilliseconds;

    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    public sealed record Response(AppointmentState State, int Version);

    /// <summary>签到 (she is here), from half an hour before to the end.</summary>
    internal static Task<Ok<Response>> HandleArrival(string id, Request request, Caller caller, AppointmentDeeds deeds, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        MoveAsync(
            new Mark(id, request, caller, AppointmentState.Arrived, AppointmentStepKind.Arrival, (talk, now) => now >= talk.StartsAt - HalfAnHour && now < talk.EndsAt),
            deeds, keys, database, clock, null, cancellation);

    /// <summary>完成 (the talk was held), once it has begun.</summary>
    internal static Task<Ok<Response>> HandleCompletion(string id, Request request, Caller caller, AppointmentDeeds deeds, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        MoveAsync(
            new Mark(id, request, caller, AppointmentState.Done, AppointmentStepKind.Completion, (talk, now) => now >= talk.StartsAt),
            deeds, keys, database, clock, null, cancellation);

    /// <summary>未到 (she did not come): half an hour after the beginning at the earliest. It counts, and gives points as activities do.</summary>
    /// <response code="409">talk_not_now; colleague_stood_in: who came to meet somebody else did not fail to come.</response>
    internal static Task<Ok<Response>> HandleNoShow(
        string id, Request request, Caller caller, AppointmentDeeds deeds, CaseKeys keys, ClientRecords clients, TalkPoints points, Database database, TimeProvider clock, CancellationToken cancellation) =>
        MoveAsync(
            new Mark(id, request, caller, AppointmentState.NoShow, AppointmentStepKind.NoShow, (talk, now) => now >= talk.StartsAt + HalfAnHour),
            deeds,
            keys,
            database,
            clock,
            async (db, talk, now) =>
            {
                if (await db.AppointmentSteps.AnyAsync(s => s.AppointmentId == id && s.Kind == AppointmentStepKind.Reassignment, cancellation))
                {
                    throw new Refusal(CounsellingProblems.StoodIn);
                }

                if (await clients.TakeOfAsync(db, talk, cancellation) is { } client)
                {
                    await points.AddAsync(db, client, ConductKind.NoShow, id, now, cancellation);
                }
            },
            cancellation);

    private static async Task<Ok<Response>> MoveAsync(
        Mark mark, AppointmentDeeds deeds, CaseKeys keys, Database database, TimeProvider clock, Func<Db, AppointmentRow, long, Task>? first, CancellationToken cancellation) =>
        TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var talk = await Talks.MineAsync(db, mark.Id, mark.Caller, cancellation);
                if (talk.State == mark.To)
                {
                    return new Response(talk.State, talk.Version);
                }

                Refuse(mark, talk, now);
                if (first is not null)
                {
                    await first(db, talk, now);
                }

                var isOver = mark.To != AppointmentState.Arrived;
                var moved = await db.Appointments.Where(a => a.Id == talk.Id && a.State == talk.State && a.Version == mark.Request.Version)
                    .Set(a => a.State, mark.To)
                    .Set(a => a.OpenClient, isOver ? null : talk.OpenClient)
                    .Set(a => a.Version, talk.Version + 1)
                    .UpdateAsync(cancellation);
                if (moved == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { talk.State, talk.Version } };
                }

                await deeds.AddStepAsync(db, talk.Id, mark.Step, new StepDetail("counsellor", mark.Caller.PersonId, now, null), cancellation);
                await Audit.WriteAsync(db, mark.Caller, "mark_talk", "appointment", keys.Masked(talk.Id, $"mark|{mark.To}"), now);
                return new Response(mark.To, talk.Version + 1);
            },
            cancellation));

    private static void Refuse(Mark mark, AppointmentRow talk, long now)
    {
        var isOpen = talk.State == AppointmentState.Booked || (talk.State == AppointmentState.Arrived && mark.To == AppointmentState.Done);
        if (!isOpen)
        {
            throw new Refusal(CounsellingProblems.AppointmentClosed);
        }

        if (!mark.IsTimely(talk, now))
        {
            throw new Refusal(CounsellingProblems.NotNow);
        }
    }

    private sealed record Mark(
        string Id, Request Request, Caller Caller, AppointmentState To, AppointmentStepKind Step, Func<AppointmentRow, long, bool> IsTimely);
}
