using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>A place from the waiting list is offered: the worker takes it or lets it go to the next.</summary>
internal static class AnswerOffer
{
    /// <param name="IsAccepted">true takes the place, false lets it go.</param>
    /// <param name="EnrolmentId">The sign-up that is meant; a late repeat then leaves the next one alone.</param>
    public sealed record Request([property: Needed] bool? IsAccepted, [property: Id] string? EnrolmentId);

    public sealed record Response(EnrolmentState State);

    /// <summary>确认或放弃候补名额 (answer an offer). Repeating the same answer changes nothing.</summary>
    /// <response code="409">no_offer: it ran out or was answered otherwise.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Database database, WaitingLine line, TimeProvider clock, CancellationToken cancellation)
    {
        var state = await database.TransactAsync(
            async db =>
            {
                var turn = await Turn.TakeAsync(db, id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                var now = clock.Milliseconds();
                var enrolment = await db.Enrolments.Where(e => e.ActivityId == id && e.PersonId == caller.PersonId)
                    .OrderByDescending(e => e.Number).FirstOrDefaultAsync(cancellation);
                if (request.EnrolmentId is { } named && named != enrolment?.Id)
                {
                    throw new Refusal(ActivitiesProblems.NoOffer);
                }

                var wanted = request.IsAccepted == true ? EnrolmentState.Enrolled : EnrolmentState.Declined;
                if (enrolment?.State == wanted && enrolment.Line is not null)
                {
                    return wanted;
                }

                // An offer ends at its instant, whether or not the loop has come by since.
                if (enrolment is not { State: EnrolmentState.Offered } || enrolment.OfferedUntil <= now)
                {
                    throw new Refusal(ActivitiesProblems.NoOffer);
                }

                await MoveAsync(db, turn, enrolment, wanted, caller, now, cancellation);
                await line.PromoteAsync(db, turn, now, cancellation);
                await turn.SaveAsync(db);
                return wanted;
            },
            cancellation);
        return TypedResults.Ok(new Response(state));
    }

    private static async Task MoveAsync(
        Db db, Turn turn, EnrolmentRow enrolment, EnrolmentState wanted, Caller caller, long now, CancellationToken cancellation)
    {
        if (wanted == EnrolmentState.Declined)
        {
            turn.Release(enrolment);
        }

        var step = wanted == EnrolmentState.Enrolled ? EnrolmentStepKind.Acceptance : EnrolmentStepKind.Decline;
        await EnrolmentChanges.MoveAsync(db, enrolment, wanted, step, caller.PersonId, now, cancellation);
        await Audit.WriteAsync(db, caller, wanted == EnrolmentState.Enrolled ? "accept_offer" : "decline_offer", "enrolment", enrolment.Id, now);
    }
}
