using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>Have I asked to be deleted, and when does it happen?</summary>
internal static class GetDeletion
{
    /// <param name="Cause">Who wants it.</param>
    /// <param name="DueAt">From this instant on it is carried out.</param>
    public sealed record Response(DeletionCause Cause, DateTimeOffset RequestedAt, DateTimeOffset DueAt);

    /// <summary>我的删除申请 (my request to be deleted).</summary>
    /// <response code="404">not_found: there is none.</response>
    internal static async Task<Ok<Response>> Handle(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var open = await db.DeletionRequests.FirstOrDefaultAsync(d => d.OpenPersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        return TypedResults.Ok(new Response(open.Cause, Instants.At(open.RequestedAt), Instants.At(open.DueAt)));
    }
}
