using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>A worker looks for the union of her employer.</summary>
internal static class SearchUnions
{
    /// <param name="Words">Parts of the union's or the employer's name, separated by blanks; all must occur. Or a full credit code.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(2, 60)] string? Words,
        [property: Between(1, 50)] int? Take,
        string? After);

    /// <summary>查找工会 (search unions); 周转库 unions are found by their names like others.</summary>
    internal static async Task<Ok<Listing<UnionSummary>>> Handle(Request request, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(request.Take);
        var mark = Page.AfterId(request.After);
        await using var db = database.Open();
        var found = db.Unions.Where(UnionReads.IsOpen);

        // Any blank separates: Chinese keyboards type the wide one (U+3000).
        foreach (var word in request.Words!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            // Latin letters in either case; LIKE alone would differ from one database to the other.
            var (code, lower) = (word.ToUpperInvariant(), word.ToLowerInvariant());
            found = CreditCode.IsValid(code)
                ? found.Where(u => u.EmployerCreditCode == code || u.UnionCreditCode == code)
                : found.Where(u => Sql.Lower(u.Name)!.Contains(lower) || Sql.Lower(u.EmployerName)!.Contains(lower));
        }

        var rows = await found
            .Where(u => mark == null || u.Id.CompareTo(mark) > 0)
            .OrderBy(u => u.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(Listing<UnionSummary>.Of(rows, count, UnionSummary.Of, u => u.Id));
    }
}
