using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Attending;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>How does my sign-up for this activity stand?</summary>
internal static class GetEnrolment
{
    public sealed record Step(EnrolmentStepKind Kind, DateTimeOffset At);

    public sealed record CheckedIn(string SessionId, DateTimeOffset At);

    /// <param name="Number">报名序号.</param>
    /// <param name="Position">Place in the waiting line, 1 is next; null when not waiting.</param>
    /// <param name="OfferedUntil">Until then an offered place waits for my word.</param>
    /// <param name="CancelUntil">Until then a place is given back without points.</param>
    /// <param name="DrawCommitment">With a draw: SHA-256, lower-case hex, of the secret that the server is bound to; worth keeping.</param>
    public sealed record Response(
        string Id, EnrolmentState State, string GroupId, string GroupName, int Number, int Guests, int? Position, DateTimeOffset? OfferedUntil, DateTimeOffset CancelUntil, IReadOnlyList<Step> Steps, IReadOnlyList<CheckedIn> CheckIns, string? DrawCommitment);

    /// <summary>我的报名 (my sign-up), the newest for this activity.</summary>
    internal static async Task<Ok<Response>> Handle(string id, Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var enrolment = await db.Enrolments.Where(e => e.ActivityId == id && e.PersonId == caller.PersonId)
            .OrderByDescending(e => e.Number).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        var group = await db.ActivityGroups.FirstAsync(g => g.Id == enrolment.GroupId, cancellation);
        var activity = await db.Activities.FirstAsync(a => a.Id == id, cancellation);
        var isBound = enrolment.State != EnrolmentState.Enrolled || (await Bound.AmongAsync(db, activity, [enrolment], cancellation)).Count > 0;
        var steps = await db.EnrolmentSteps.Where(s => s.EnrolmentId == enrolment.Id).OrderBy(s => s.Id).ToListAsync(cancellation);
        var checkIns = await db.CheckIns.Where(c => c.EnrolmentId == enrolment.Id).OrderBy(c => c.Id).ToListAsync(cancellation);
        var commitment = await db.Draws.Where(d => d.ActivityId == id).Select(d => d.Commitment).FirstOrDefaultAsync(cancellation);
        return TypedResults.Ok(new Response(
            enrolment.Id,
            enrolment.State,
            group.Id,
            group.Name,
            enrolment.Number,
            enrolment.Guests,
            enrolment.State == EnrolmentState.Waiting ? await WaitingLine.PositionAsync(db, enrolment, cancellation) : null,
            Instants.At(enrolment.OfferedUntil),
            Instants.At(isBound ? activity.CancelUntil : activity.StartsAt),
            [.. steps.Select(s => new Step(s.Kind, Instants.At(s.At)))],
            [.. checkIns.Select(c => new CheckedIn(c.SessionId, Instants.At(c.At)))],
            commitment));
    }
}
