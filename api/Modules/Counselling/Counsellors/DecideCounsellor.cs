using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A supervisor checks a counsellor's papers and answers for her from then on, or ends that. Booked talks stand.</summary>
internal static class DecideCounsellor
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <param name="Version">The version now.</param>
    public sealed record Response(CounsellorState State, int Version);

    /// <summary>审核通过咨询师 (approve).</summary>
    internal static Task<Ok<Response>> HandleApproval(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Database database, CancellationToken cancellation) =>
        MoveAsync(new Move(id, request, key, caller, reach, CounsellorState.Active), idempotency, database, cancellation);

    /// <summary>停约咨询师 (suspend): no new slots.</summary>
    internal static Task<Ok<Response>> HandleSuspension(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Database database, CancellationToken cancellation) =>
        MoveAsync(new Move(id, request, key, caller, reach, CounsellorState.Suspended), idempotency, database, cancellation);

    private static async Task<Ok<Response>> MoveAsync(Move move, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            move.Key,
            move.Caller,
            move.Request,
            async (db, _, now) =>
            {
                var before = await ListCounsellorFiles.FindAsync(db, move.Id, move.Reach, cancellation);
                if (before.PersonId == move.Caller.PersonId)
                {
                    throw new Refusal(CounsellingProblems.OwnCounsellorFile);
                }

                if (before.State == move.To)
                {
                    throw new Refusal(CounsellingProblems.CounsellorDecided) { Present = new { before.State, before.Version } };
                }

                var moved = await db.Counsellors.Where(c => c.Id == move.Id && c.Version == move.Request.Version && c.State == before.State)
                    .Set(c => c.State, move.To)
                    .Set(c => c.SupervisorId, move.To == CounsellorState.Active ? move.Caller.PersonId : before.SupervisorId)
                    .Set(c => c.Version, before.Version + 1)
                    .Set(c => c.UpdatedAt, now)
                    .UpdateAsync(cancellation);
                if (moved == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
                }

                await Audit.WriteAsync(db, move.Caller, move.To == CounsellorState.Active ? "approve_counsellor" : "suspend_counsellor", "counsellor", move.Id, now, before.PersonId);
            },
            cancellation);
        await using var db = database.Open();
        var after = await ListCounsellorFiles.FindAsync(db, move.Id, move.Reach, cancellation);
        return TypedResults.Ok(new Response(after.State, after.Version));
    }

    private sealed record Move(string Id, Request Request, IdempotencyKey Key, Caller Caller, Reach Reach, CounsellorState To);
}
