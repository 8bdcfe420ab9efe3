using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Which towns are there?</summary>
internal static class ListDivisions
{
    /// <param name="Kind">province, city, county, town, park or village.</param>
    public sealed record Item(string Code, string Name, string Kind);

    /// <param name="Items">All divisions directly below, by code.</param>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>下级行政区划 (the divisions directly below one).</summary>
    /// <param name="code">2 to 9 digits.</param>
    internal static async Task<Ok<Response>> Handle(string code, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var items = await db.Divisions.Where(d => d.ParentCode == code).OrderBy(d => d.Code)
            .Select(d => new Item(d.Code, d.Name, d.Kind)).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(items));
    }
}
