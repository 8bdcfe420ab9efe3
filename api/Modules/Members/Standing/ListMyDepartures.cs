using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>My own requests to leave.</summary>
internal static class ListMyDepartures
{
    /// <summary>我的退会申请 (my requests to leave), newest first.</summary>
    internal static async Task<Ok<Listing<DepartureSummary>>> Handle(
        int? take, string? after, Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await db.Departures
            .Where(d => d.RequestedBy == caller.PersonId && d.Kind == DepartureKind.Withdrawal && (mark == null || d.Id.CompareTo(mark) < 0))
            .OrderByDescending(d => d.Id)
            .Take(count + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(Listing<DepartureSummary>.Of(rows, count, d => DepartureSummary.Of(d, cipher), d => d.Id));
    }
}
