using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>The lines of the list that hold on a day.</summary>
internal static class WordRules
{
    public static async Task<IReadOnlyList<WordRule>> OnAsync(Db db, DateOnly day, CancellationToken cancellation)
    {
        var today = day.Stored();
        var rows = await db.WordRules
            .Where(r => r.FromOn.CompareTo(today) <= 0 && (r.UntilOn == null || r.UntilOn.CompareTo(today) >= 0))
            .OrderBy(r => r.Id).ToListAsync(cancellation);
        return [.. rows.Select(WordRule.Of)];
    }

    /// <summary>
    /// Compiles the list before the route's transaction begins. The first time it takes seconds, and with SQLite nobody
    /// else would write meanwhile.
    /// </summary>
    public static RouteHandlerBuilder ReadsWords(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (context, next) =>
    {
        var services = context.HttpContext.RequestServices;
        await using (var db = services.GetRequiredService<Database>().Open())
        {
            await OnAsync(db, services.GetRequiredService<TimeProvider>().Today(), context.HttpContext.RequestAborted);
        }

        return await next(context);
    });
}
