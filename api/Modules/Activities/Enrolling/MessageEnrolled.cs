using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>The organiser writes to one person about her sign-up; the text goes to her inbox and is kept nowhere else.</summary>
internal static class MessageEnrolled
{
    /// <param name="Text">Plain text.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 300)] string? Text);

    /// <summary>给报名者留言 (message one person).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="enrolmentId">The sign-up; also one that was cancelled or removed.</param>
    internal static async Task<NoContent> Handle(
        string id, string enrolmentId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
                var enrolment = await db.Enrolments.FirstOrDefaultAsync(e => e.Id == enrolmentId && e.ActivityId == id, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                await Audit.WriteAsync(db, caller, "message_enrolled", "enrolment", enrolment.Id, now, enrolment.PersonId);
                await messenger.AddAsync(db, Notices.FromOrganiser(activity, enrolment, request.Text!), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
