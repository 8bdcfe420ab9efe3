using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>The second person sends an activity back to its draft, with a reason.</summary>
internal static class ReturnActivity
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">What to change.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>退回修改 (return an activity).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, ActivityDecisions decisions, CancellationToken cancellation)
    {
        await decisions.TakeAsync(Decision.Return, id, request.Version!.Value, request.Reason, request, key, caller, reach, cancellation);
        return TypedResults.NoContent();
    }
}
