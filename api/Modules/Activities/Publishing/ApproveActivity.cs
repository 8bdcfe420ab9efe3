using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>A second person approves; the activity is public from now on, with its rules and its way of giving places.</summary>
internal static class ApproveActivity
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>批准发布 (approve and publish).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, ActivityDecisions decisions, CancellationToken cancellation)
    {
        await decisions.TakeAsync(Decision.Approval, id, request.Version!.Value, null, request, key, caller, reach, cancellation);
        return TypedResults.NoContent();
    }
}
