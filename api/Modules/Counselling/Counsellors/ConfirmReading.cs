using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>After an administrator reset a counsellor's password, a supervisor vouches that it is she who signs in with the new one.</summary>
internal static class ConfirmReading
{
    /// <summary>Nothing to say: who vouched stands in the audit log.</summary>
    public sealed record Request;

    /// <summary>确认本人阅读 (vouch that it is she).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var counsellor = await ListCounsellorFiles.FindAsync(db, id, reach, cancellation);
                if (counsellor.PersonId == caller.PersonId)
                {
                    throw new Refusal(CounsellingProblems.OwnCounsellorFile);
                }

                await db.Counsellors.Where(c => c.Id == id).Set(c => c.ReadingConfirmedAt, now).UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "confirm_counsellor_reading", "counsellor", id, now, counsellor.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
