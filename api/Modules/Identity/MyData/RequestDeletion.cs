using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>A person asks that everything about her be deleted (PIPL art. 47); it waits out the cooling-off period.</summary>
internal static class RequestDeletion
{
    /// <summary>Nothing to say: asking is enough.</summary>
    public sealed record Request;

    /// <param name="DueAt">From this instant on it is carried out; until then it can be taken back.</param>
    public sealed record Response(DateTimeOffset RequestedAt, DateTimeOffset DueAt);

    /// <summary>申请删除个人信息 (ask for deletion).</summary>
    /// <response code="409">deletion_open; deletion_not_yet, whose sentence says what to do first: leave the union, take the application back.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, IEnumerable<MayNotErase> objections, MyDataSettings settings, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, deletionId, now) =>
            {
                if (await Deletions.RefusalAsync(db, objections, caller.PersonId, now, cancellation) is { } sentence)
                {
                    throw new Refusal(MyDataProblems.DeletionNotYet, sentence);
                }

                var due = now + (long)TimeSpan.FromDays(settings.CoolingOffDays).TotalMilliseconds;
                await InsertAsync(db, Deletions.New(deletionId, caller.PersonId, DeletionCause.Person, now, due), cancellation);
                await Audit.WriteAsync(db, caller, "request_deletion", "deletion", deletionId, now);
            },
            cancellation);

        await using var db = database.Open();
        var deletion = await db.DeletionRequests.FirstAsync(d => d.Id == id, cancellation);
        return TypedResults.Created("/api/v1/me/deletion", new Response(Instants.At(deletion.RequestedAt), Instants.At(deletion.DueAt)));
    }

    private static async Task InsertAsync(Db db, DeletionRow deletion, CancellationToken cancellation)
    {
        try
        {
            await db.InsertAsync(deletion, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MyDataProblems.DeletionOpen);
        }
    }
}
