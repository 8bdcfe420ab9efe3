using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Which unions are there in my town?</summary>
internal static class ListUnions
{
    /// <summary>按乡镇列出工会 (unions of a division and of the divisions below it), in the order they were recorded.</summary>
    /// <param name="division">Division code of 6, 9 or 12 digits, e.g. 410721101 (翟坡镇).</param>
    internal static async Task<Ok<Listing<UnionSummary>>> Handle(
        [Needed] string? division, int? take, string? after, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var prefix = Division(division);
        await using var db = database.Open();
        var rows = await db.Unions
            .Where(UnionReads.IsOpen)
            .Where(u => u.DivisionCode.StartsWith(prefix) && (mark == null || u.Id.CompareTo(mark) > 0))
            .OrderBy(u => u.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(Listing<UnionSummary>.Of(rows, count, UnionSummary.Of, u => u.Id));
    }

    private static string Division(string? division)
    {
        if (division is { Length: 2 or 4 or 6 or 9 or 12 } && division.All(char.IsAsciiDigit))
        {
            return division;
        }

        throw Refusal.OfField("division", "请给出行政区划代码,例如 410721101。");
    }
}
