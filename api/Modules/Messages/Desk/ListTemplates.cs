using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Messages.Desk;

/// <summary>How each template fares.</summary>
internal static class ListTemplates
{
    private static readonly TimeSpan Looked = TimeSpan.FromDays(7);

    /// <param name="Name">As in the settings.</param>
    /// <param name="Title">As in WeChat's console.</param>
    /// <param name="IsConfigured">Else its notices stay in the inbox.</param>
    /// <param name="Sent">Of the last seven days, as all numbers here.</param>
    public sealed record Item(string Name, string Title, bool IsConfigured, long Sent, long NoCredit, long Failed, long Unknown, long Parked, long Waiting);

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>模板运行情况 (templates' health).</summary>
    internal static async Task<Ok<Response>> Handle(Database database, MessagesSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var since = clock.Milliseconds() - (long)Looked.TotalMilliseconds;
        await using var db = database.Open();
        var rows = await db.QueryToListAsync<Count>(
            "SELECT template, state, COUNT(*) AS count FROM deliveries WHERE created_at >= @since AND template IS NOT NULL GROUP BY template, state", new { since }, cancellation);
        var counts = rows.ToLookup(r => r.Template);
        return TypedResults.Ok(new Response([.. NoticeKinds.Templates.Select(t => ItemOf(t, [.. counts[t.Name]]))]));

        Item ItemOf(NoticeTemplate template, List<Count> of)
        {
            long Sum(params string[] states) => of.Where(c => states.Contains(c.State)).Sum(c => c.Number);
            return new Item(
                template.Name,
                template.Title,
                settings.TemplateIdOf(template.Name) is not null,
                Sum("sent"),
                Sum("no_credit", "no_account"),
                Sum("failed", "banned", "expired"),
                Sum("unknown"),
                Sum("parked"),
                Sum("waiting", "sending"));
        }
    }

    private sealed record Count
    {
        public required string Template { get; init; }

        public required string State { get; init; }

        [LinqToDB.Mapping.Column("count")]
        public required long Number { get; init; }
    }
}
