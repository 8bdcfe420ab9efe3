using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>A second person lets a large broadcast go; anybody who may see one may stop it.</summary>
internal static class DecideBroadcast
{
    public sealed record Request([property: Needed] int? Version);

    /// <summary>批准群发 (approve).</summary>
    internal static async Task<NoContent> HandleApproval(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var row = await Broadcasting.FindAsync(db, id, reach, cancellation);
                if (row.MadeBy == caller.PersonId)
                {
                    throw new Refusal(MessagesProblems.OwnBroadcast);
                }

                MustBe(row, row.State == BroadcastState.AwaitingApproval);
                MustBeSame(row, request, await db.Broadcasts.Where(b => b.Id == id && b.Version == request.Version && b.State == BroadcastState.AwaitingApproval)
                    .Set(b => b.State, BroadcastState.Sending).Set(b => b.ApprovedBy, caller.PersonId).Set(b => b.Version, b => b.Version + 1).Set(b => b.UpdatedAt, now)
                    .UpdateAsync(cancellation));
                await Audit.WriteAsync(db, caller, "approve_broadcast", "broadcast", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>停止群发 (stop). Whoever has it already keeps it in her inbox; what waits to go out by WeChat does not go.</summary>
    internal static async Task<NoContent> HandleStop(
        string id, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            id,
            async (db, _, now) =>
            {
                var row = await Broadcasting.FindAsync(db, id, reach, cancellation);
                MustBe(row, row.State != BroadcastState.Stopped);

                // Without the version: it goes up with everybody reached, and stopping must not lose that race.
                await db.Broadcasts.Where(b => b.Id == id)
                    .Set(b => b.State, BroadcastState.Stopped).Set(b => b.StoppedBy, caller.PersonId).Set(b => b.Version, b => b.Version + 1).Set(b => b.UpdatedAt, now)
                    .UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "stop_broadcast", "broadcast", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static void MustBe(BroadcastRow row, bool isRight)
    {
        if (!isRight)
        {
            throw new Refusal(MessagesProblems.BroadcastDecided) { Present = new { row.State, row.Version } };
        }
    }

    private static void MustBeSame(BroadcastRow row, Request request, int changed)
    {
        if (changed == 0)
        {
            throw new Refusal(row.Version == request.Version ? MessagesProblems.BroadcastDecided : CommonProblems.ChangedMeanwhile) { Present = new { row.State, row.Version } };
        }
    }
}
