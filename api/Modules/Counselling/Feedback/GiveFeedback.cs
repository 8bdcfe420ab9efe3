using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Feedback;

/// <summary>A client says once how a talk was. Nothing is kept of it but sums, in fives: nobody reads what one of them said.</summary>
internal static class GiveFeedback
{
    private const int DaysAfter = 30;

    /// <param name="Stars">1 to 5: did it help?</param>
    /// <param name="WouldComeAgain">Would I come to this counsellor again?</param>
    public sealed record Request([property: Needed, Between(1, 5)] int? Stars, [property: Needed] bool? WouldComeAgain);

    /// <summary>评价 (say how it was), within thirty days after the talk, once; a repeat changes nothing.</summary>
    /// <response code="409">talk_not_done; feedback_over: the thirty days are past.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, Caller caller, ClientRecords clients, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var client = await clients.TakeAsync(db, caller.PersonId, cancellation);
                var talk = client?.Record.Appointments.Contains(id) == true ? await AppointmentDeeds.FindAsync(db, id, cancellation) : null;
                Refuse(talk, now);
                if (client!.Value.Record.Feedbacks.Contains(id))
                {
                    return;
                }

                var (row, record) = client.Value;
                var said = new Said(request.Stars!.Value, request.WouldComeAgain!.Value);
                var batch = await FeedbackSums.AddAsync(db, talk!.CounsellorId, said, record.FeedbackBatches.GetValueOrDefault(talk.CounsellorId), cancellation);
                var batches = new Dictionary<string, int>(record.FeedbackBatches) { [talk.CounsellorId] = batch };
                await clients.SaveAsync(db, row.Id, record with { Feedbacks = [.. record.Feedbacks, id], FeedbackBatches = batches }, cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"feedback|{id}"), "give_feedback", "appointment", keys.Masked(id, "feedback"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static void Refuse(AppointmentRow? talk, long now)
    {
        switch (talk)
        {
            case null:
                throw new Refusal(CommonProblems.NotFound);
            case { State: not AppointmentState.Done }:
                throw new Refusal(CounsellingProblems.TalkNotDone);
            case var done when now > done.EndsAt + CounsellingSettings.Hours(24 * DaysAfter):
                throw new Refusal(CounsellingProblems.FeedbackOver);
        }
    }
}
