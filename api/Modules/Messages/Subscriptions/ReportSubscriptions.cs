using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Messages.Subscriptions;

/// <summary>What the worker pressed when the mini-program asked her for the right to send messages.</summary>
internal static class ReportSubscriptions
{
    /// <summary>As <c>wx.requestSubscribeMessage</c> answers for each template.</summary>
    public enum Choice
    {
        Accept,
        Reject,
        Ban,
        Filter,
    }

    /// <param name="Results">One for each template that was asked for, at most five.</param>
    public sealed record Request([property: Needed, AtMostItems(5)] IReadOnlyList<Result>? Results);

    /// <param name="TemplateId">WeChat's id, as <c>GET /me/subscription-needs</c> gave it; one that is not in use any more is passed over.</param>
    public sealed record Result([property: Needed, LengthBetween(1, 64)] string? TemplateId, [property: Needed, KnownWord] Choice? Choice);

    /// <summary>报告订阅结果 (report what was subscribed to). Each accept lets one message through.</summary>
    internal static async Task<NoContent> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, MessagesSettings settings, CancellationToken cancellation)
    {
        if (request.Results!.Select(r => r.TemplateId).Distinct().Count() != request.Results!.Count)
        {
            throw Refusal.OfField("results", "同一个模板只能报告一次。");
        }

        var accepted = NoticeKinds.Templates.Where(t => request.Results!.Any(r => r.Choice == Choice.Accept && r.TemplateId == settings.TemplateIdOf(t.Name)));
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                foreach (var template in accepted)
                {
                    await Credits.AcceptReportedAsync(db, caller.PersonId, template.Name, now, cancellation);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
