using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Messages.Subscriptions;

/// <summary>Which templates the mini-program shall ask me for, at this moment.</summary>
internal static class ListNeeds
{
    /// <summary>Older phones let at most three be asked for in one go; those with the fewest rights come first.</summary>
    private const int MostAtOnce = 3;

    /// <summary>So many rights are enough in stock.</summary>
    private const int Enough = 3;

    /// <param name="TemplateId">For <c>wx.requestSubscribeMessage</c>.</param>
    /// <param name="Credits">How many messages we believe to be still allowed.</param>
    public sealed record Item(string TemplateId, string Name, string Title, int Credits);

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>订阅需求 (what to ask for). Empty: ask for nothing now.</summary>
    /// <param name="moment">What she is doing: sign_up, waiting_list, application, service or messages.</param>
    internal static async Task<Ok<Response>> Handle(
        string? moment, Caller caller, Database database, MessagesSettings settings, CancellationToken cancellation)
    {
        if (!NoticeKinds.Templates.Any(t => t.Moments.Contains(moment)))
        {
            throw Refusal.OfField("moment", "应为 sign_up、waiting_list、application、service 或 messages。");
        }

        await using var db = database.Open();
        var credits = await db.SubscriptionCredits.Where(c => c.PersonId == caller.PersonId).ToDictionaryAsync(c => c.Template, c => c.Credits, cancellation);
        return TypedResults.Ok(new Response(
        [
            .. NoticeKinds.Templates
                .Where(t => t.Moments.Contains(moment) && settings.TemplateIdOf(t.Name) is not null)
                .Select(t => new Item(settings.TemplateIdOf(t.Name)!, t.Name, t.Title, credits.GetValueOrDefault(t.Name)))
                .Where(i => i.Credits < Enough)
                .OrderBy(i => i.Credits)
                .Take(MostAtOnce),
        ]));
    }
}
