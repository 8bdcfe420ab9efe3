using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The organiser hands a draft in for approval by a second person.</summary>
internal static class SubmitActivity
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <summary>提交审批 (submit an activity).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, ActivityDecisions decisions, CancellationToken cancellation)
    {
        await decisions.TakeAsync(Decision.Submission, id, request.Version!.Value, null, request, key, caller, reach, cancellation);
        return TypedResults.NoContent();
    }
}
