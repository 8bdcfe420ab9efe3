using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>A worker scans the code shown in the hall.</summary>
/// <remarks>
/// Nothing is taken from a phone that was offline: whoever is sent a photo of the code could say that she was there.
/// Staff check such a worker in.
/// </remarks>
internal static class CheckInByHallCode
{
    /// <param name="Code">As read from the screen in the hall.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 100)] string? Code);

    /// <param name="Number">报名序号.</param>
    /// <param name="Way">How I was checked in first.</param>
    /// <param name="IsRepeated">I was checked in before; the answer is that first check-in.</param>
    public sealed record Response(string Id, string SessionId, string? SessionName, int Number, int Guests, CheckInWay Way, DateTimeOffset At, bool IsRepeated);

    /// <summary>扫码签到 (check in by the hall's code). Repeating it answers the first check-in.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Database database, HallCode codes, CheckIns checkIns, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        CheckIns.Arrival arrival;
        await using (var db = database.Open())
        {
            var activity = await db.Activities.FirstOrDefaultAsync(a => a.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
            var sessionId = codes.SessionOf(request.Code!, now);
            if (!await db.ActivitySessions.AnyAsync(s => s.Id == sessionId && s.ActivityId == id, cancellation))
            {
                throw new Refusal(AttendingProblems.HallCodeElsewhere);
            }

            var session = await Door.PickAsync(db, activity, sessionId, now, cancellation);
            var enrolment = await db.Enrolments.FirstOrDefaultAsync(e => e.ActivityId == id && e.LivePersonId == caller.PersonId, cancellation);
            CheckIns.RefuseWithoutPlace(enrolment, caller);
            arrival = new CheckIns.Arrival(activity, session, enrolment!, CheckInWay.HallCode, caller, null);
        }

        var outcome = await checkIns.WriteAsync(arrival, cancellation);
        return TypedResults.Ok(new Response(
            outcome.CheckIn.Id,
            arrival.Session.Id,
            arrival.Session.Name,
            arrival.Enrolment.Number,
            arrival.Enrolment.Guests,
            outcome.CheckIn.Way,
            Instants.At(outcome.CheckIn.At),
            outcome.IsRepeated));
    }
}
