using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>A worker signs up for an activity.</summary>
internal static class Enrol
{
    private static readonly Dictionary<string, string> NoAnswers = [];

    /// <param name="GroupId">The group she wishes; null takes the first with a place that she is eligible for. Where places are drawn or chosen, and several are open to her, it is needed.</param>
    /// <param name="Guests">How many come with her; each takes a place.</param>
    /// <param name="Answers">Question id → answer: text, an option, a number, yyyy-MM-dd, or agreed / refused.</param>
    public sealed record Request(
        [property: Id] string? GroupId,
        [property: Between(0, 9)] int? Guests,
        [property: AtMostItems(30)] Dictionary<string, string>? Answers);

    /// <param name="Number">报名序号.</param>
    /// <param name="Position">Place in the waiting line, 1 is next; null when not waiting.</param>
    /// <param name="OfferedUntil">Until then an offered place waits for her word.</param>
    /// <param name="Overlaps">Her other activities at the same time: a warning.</param>
    public sealed record Response(
        string Id, EnrolmentState State, string GroupId, int Number, int Guests, int? Position, DateTimeOffset? OfferedUntil, IReadOnlyList<Overlap> Overlaps);

    /// <summary>
    /// 报名 (sign up). The same key answers the same sign-up, also after it was cancelled; so does a repeat with a fresh
    /// key while it lives.
    /// </summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, EnrolmentDesk desk, TimeProvider clock)
    {
        var wish = new Wish(
            caller,
            caller.PersonId,
            request.GroupId,
            request.Guests ?? 0,
            request.Answers ?? NoAnswers,
            EnrolmentSource.Self,
            key,
            Idempotency.BytesOf(request),
            clock.Milliseconds());
        var outcome = await desk.SignUpAsync(id, wish);
        if (outcome.Refusal is { } refusal)
        {
            throw refusal;
        }

        var enrolment = outcome.Enrolment!;
        return TypedResults.Ok(new Response(
            enrolment.Id,
            enrolment.State,
            enrolment.GroupId,
            enrolment.Number,
            enrolment.Guests,
            outcome.Position,
            Instants.At(enrolment.OfferedUntil),
            outcome.Overlaps));
    }
}
